// Filters that have a name: the owner saves those of the view, and applies or deletes them later.

import { useState } from 'preact/hooks';
import { failureText, type About } from '../api';
import { knownFilters } from '../filters';
import { filterSearch, fromSearch } from '../url_state';
import { useDashboard } from './context';
import { Dialog } from './dialog';
import { Field } from './field';
import { MAX_NAME_LENGTH, useStoredList } from './stored_list';

/** Returns true if the reader may save filters, and the server stores them. */
export function maySave(about: About): boolean {
  return about.access.kind !== 'share' && about.saved !== undefined;
}

/** The saved filters of the dialog; nothing while there are none. */
export function SavedFilterList({ close }: { close: () => void }) {
  const { about, navigate, view } = useDashboard();
  const { list, change } = useStoredList('saved');
  const [error, setError] = useState<string | null>(null);
  if (list.length === 0) return null;

  function apply(search: string): void {
    const parsed = fromSearch(search, view.zone, knownFilters(about));
    if (parsed.unknown.length > 0) return setError(`It has a filter that isn't known: ${parsed.unknown.join(', ')}`);
    navigate({ site: parsed.view.site, conditions: parsed.view.conditions }, parsed.view.site !== null);
    close();
  }

  async function remove(name: string): Promise<void> {
    try {
      await change((saved) => saved.filter((other) => other.name !== name));
      setError(null);
    } catch (failure) {
      setError(failureText(failure));
    }
  }

  return (
    <section class="saved-filters">
      <h3>Saved filters</h3>
      <ul>
        {list.map(({ name, search }) => (
          <li key={name} class="chip">
            <button type="button" class="saved-name" onClick={() => apply(search)}>
              {name}
            </button>
            <button type="button" aria-label={`Delete saved filters: ${name}`} onClick={() => void remove(name)}>
              <span aria-hidden="true">✕</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="error-text" role="alert">
        {error}
      </p>
    </section>
  );
}

/** Asks for a name, and saves the view's filters and its site under it. */
export function SaveFiltersDialog({ close }: { close: () => void }) {
  const { view } = useDashboard();
  const { list, change } = useStoredList('saved');
  const [error, setError] = useState<string | null>(null);
  const [text, setText] = useState('');
  const name = text.trim();
  const is_taken = list.some((other) => other.name === name);

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (name === '') return;
    const added = { name, search: filterSearch(view) };
    try {
      await change((saved) => [...saved.filter((other) => other.name !== name), added]);
      close();
    } catch (failure) {
      setError(failureText(failure));
    }
  }

  return (
    <Dialog title="Save filters" close={close}>
      <form class="filter-form" onSubmit={save}>
        <Field label="Name">
          {(id) => (
            <input id={id} value={text} required maxLength={MAX_NAME_LENGTH} onInput={(event) => setText(event.currentTarget.value)} />
          )}
        </Field>
        {is_taken && <p class="note">This replaces the filters saved as “{name}”.</p>}
        <p class="error-text" role="alert">
          {error}
        </p>
        <div class="filter-actions">
          <button type="submit" class="button primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
