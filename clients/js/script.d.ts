/**
 * The function that `<script defer src="https://b.example/beacon.js" data-site="blog.example">` defines. Reference it by
 * `/// <reference types="beacon-client/script" />`, or `"types": ["beacon-client/script"]`.
 */
interface BeaconFunction {
  (event: string, properties?: object): void;
  /** Calls queued until the script has loaded. */
  q?: ArrayLike<unknown>[] | undefined;
}

declare var beacon: BeaconFunction;

interface Window {
  beacon: BeaconFunction;
}
