/** An event of the Navigation API, which older versions of TypeScript don't declare. */
type NavigationApiEvent = Event & { navigationType?: string | null };

/**
 * Calls `onLeave` before the document moves to a new history entry, and `onNavigate` after scripts may have shown
 * another page in it; `replaced` is true if the new URL replaced the current entry.
 */
export function watchNavigation(onLeave: () => void, onNavigate: (replaced: boolean) => void): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name];
    history[name] = function (...of) {
      const replaced = name === 'replaceState';
      if (!replaced) onLeave();
      original.apply(this, of);
      onNavigate(replaced);
    };
  }
  addEventListener('popstate', () => onNavigate(false));
  // Intercepted links and `navigation.navigate()` change the URL without calling the History API.
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation && navigation.addEventListener) {
    const isReplace = (event: Event): boolean => (event as NavigationApiEvent).navigationType === 'replace';
    navigation.addEventListener('navigate', (event) => isReplace(event) || onLeave());
    navigation.addEventListener('currententrychange', (event) => onNavigate(isReplace(event)));
  }
}
