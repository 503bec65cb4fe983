export * from './beacon';
export * from './beacon-props';
export { BeaconFindings, type BeaconFinding } from './findings';
