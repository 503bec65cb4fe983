/**
 * The function that `<script defer src="https://b.example/beacon.js" data-site="blog.example">` gives a page:
 * `/// <reference types="beacon-client/script" />`, or `"types": ["beacon-client/script"]`.
 */
declare function beacon(event: string, properties?: Record<string, unknown>): void;

interface Window {
  beacon: typeof beacon;
}
