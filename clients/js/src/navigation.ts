/** A navigation of the Navigation API, which not every TypeScript knows. */
type Navigated = Event & { navigationType?: string | null };

/**
 * Calls `leaving` before the page is left for another entry of the history, and `moved` once scripts have put another
 * page into this document, or may have: `replaced` where the new address took the place of the old one.
 */
export function watchNavigation(leaving: () => void, moved: (replaced: boolean) => void): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...of) {
      const replaced = name === 'replaceState';
      if (!replaced) leaving();
      original.apply(this, of);
      moved(replaced);
    };
  }
  addEventListener('popstate', () => moved(false));
  // An intercepted link and `navigation.navigate()` change the address without the history's methods.
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation && navigation.addEventListener) {
    const isReplace = (event: Event): boolean => (event as Navigated).navigationType === 'replace';
    navigation.addEventListener('navigate', (event) => isReplace(event) || leaving());
    navigation.addEventListener('currententrychange', (event) => moved(isReplace(event)));
  }
}
