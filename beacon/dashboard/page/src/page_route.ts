// Which page of the dashboard the address's fragment opens. Browsers send a fragment to nobody, so the text of a
// statement can stand there.

const PAGE = 'sql';

/** Keeps the text of the SQL page while the tab shows the dashboard. */
const STORAGE_KEY = 'beacon-sql';

export type Page = 'dashboard' | 'sql';

/** Returns the page that a fragment opens. */
export function pageOf(hash: string): Page {
  return fragment(hash).has(PAGE) ? 'sql' : 'dashboard';
}

/** Returns the statement in a fragment; null if it has none. */
export function statementOf(hash: string): string | null {
  return fragment(hash).get(PAGE) || null;
}

/** Returns the fragment that opens the SQL page with a statement. */
export function hashOf(statement: string): string {
  if (statement === '') return `#${PAGE}`;
  // Spaces as %20: people paste an address into programs that end it at a plus sign or a blank.
  return `#${PAGE}=${encodeURIComponent(statement)}`;
}

/** Returns the statement that this tab showed last; null if there is none. */
export function storedStatement(): string | null {
  try {
    return sessionStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage is disabled: the address alone keeps the text.
    return null;
  }
}

export function storeStatement(statement: string): void {
  try {
    sessionStorage.setItem(STORAGE_KEY, statement);
  } catch {
    // See storedStatement.
  }
}

function fragment(hash: string): URLSearchParams {
  // A plus sign is one in SQL; URLSearchParams would read it as a blank.
  return new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B'));
}
