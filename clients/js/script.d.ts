/**
 * The function that `<script defer src="https://b.example/beacon.js" data-site="blog.example">` gives a page:
 * `/// <reference types="beacon-client/script" />`, or `"types": ["beacon-client/script"]`.
 */
interface BeaconFunction {
  (event: string, properties?: object): void;
  /** The calls that wait for the script. */
  q?: ArrayLike<unknown>[] | undefined;
}

declare var beacon: BeaconFunction;

interface Window {
  beacon: BeaconFunction;
}
