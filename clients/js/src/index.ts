export { init, track, type Options } from './running.js';
export type { Properties } from './settings.js';
export type { Track } from './tracker.js';
