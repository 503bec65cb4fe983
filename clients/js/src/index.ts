export { init, track, type Options } from './registry.js';
export type { Properties } from './settings.js';
export type { Track } from './tracker.js';
