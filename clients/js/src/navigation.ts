/**
 * Calls `moved` whenever scripts put another page into this document, or may have: `replaced` where the new address
 * took the place of the old one in the history.
 */
export function watchNavigation(moved: (replaced: boolean) => void): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...of) {
      original.apply(this, of);
      moved(name === 'replaceState');
    };
  }
  addEventListener('popstate', () => moved(false));
  // An intercepted link and `navigation.navigate()` change the address without the history's methods.
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation && navigation.addEventListener) {
    navigation.addEventListener('currententrychange', (event) =>
      moved((event as Event & { navigationType?: string | null }).navigationType === 'replace'),
    );
  }
}
