export { init, track, type Options } from '../../js/src/registry.js';
export { Pixel, type PixelProps } from './Pixel.js';
export { useTracking, type TrackingOptions } from './useTracking.js';
export type { Properties } from '../../js/src/settings.js';
export type { Track } from '../../js/src/tracker.js';
