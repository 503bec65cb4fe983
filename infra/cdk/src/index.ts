export * from './beacon';
export * from './beacon-props';
export { BeaconFindings, type BeaconFinding, type IBeaconResources } from './findings';
