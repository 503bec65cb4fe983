// The editor of the SQL page: CodeMirror, with the words of the engines' common SQL, and the tables' columns.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { TableInfo } from '../api';
import { BEACON_SQL, completionsOf } from '../sql_words';

export interface SqlEditor {
  text(): string;
  /** The selection if there is one, else all of the text. */
  selectedOrAll(): string;
  /** Replaces all of the text, which undo brings back. */
  replace(text: string): void;
  /** Inserts a name where the cursor is, and goes on editing behind it. */
  insert(name: string): void;
  select(position: number): void;
  /** Underlines a part of the text until it changes. */
  mark(range: { from: number; to: number } | null): void;
  setTables(tables: TableInfo): void;
  focus(): void;
  destroy(): void;
}

interface Options {
  text: string;
  onRun: () => void;
  onChange: (text: string) => void;
}

const setMark = StateEffect.define<{ from: number; to: number } | null>();

const MARK = Decoration.mark({ class: 'cm-mistake', attributes: { title: 'This is where the statement failed' } });

const marks = StateField.define({
  create: () => Decoration.none,
  update(shown, { effects, docChanged }) {
    for (const effect of effects) {
      if (!effect.is(setMark)) continue;
      const range = effect.value;
      return range === null || range.from >= range.to ? Decoration.none : Decoration.set(MARK.range(range.from, range.to));
    }
    return docChanged ? Decoration.none : shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Colours are variables of the page, which knows light and dark. */
const HIGHLIGHTS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--sql-keyword)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sql-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--sql-number)' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.standard(tags.name), tags.typeName], color: 'var(--sql-function)' },
]);

const THEME = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '0.875rem', maxHeight: '60vh' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', minHeight: '180px' },
  '.cm-content': { caretColor: 'var(--text)', padding: '10px 0' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--soft)', border: '0' },
  '.cm-selectionMatch, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-soft)' },
  '.cm-mistake': { textDecoration: 'underline wavy var(--error)', backgroundColor: 'var(--error-ground)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--strong-line)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxWidth: 'min(420px, 90vw)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.85' },
  '.cm-completionInfo': { maxWidth: '320px', padding: '6px 10px', fontFamily: 'var(--sans)' },
});

/**
 * Types over a selection. Chromium itself would keep the colours of what it replaces in a `style` attribute, which the
 * policy refuses, with an error in the console.
 */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const text = event.data;
  const range = selectedRange(view);
  if (event.inputType !== 'insertText' || text === null || event.isComposing || range === null) return false;
  const { from, to } = range;
  const insert = () =>
    view.state.update({
      changes: { from, to, insert: text },
      selection: { anchor: from + text.length },
      userEvent: 'input.type',
      scrollIntoView: true,
    });
  event.preventDefault();
  const handlers = view.state.facet(EditorView.inputHandler);
  if (!handlers.some((handler) => handler(view, from, to, text, insert))) view.dispatch(insert());
  return true;
}

/**
 * Returns what the browser has selected, of which the editor learns a moment later; null if that is nothing. Only
 * Chromium tells a shadow root's selection from the document's.
 */
function selectedRange(view: EditorView): { from: number; to: number } | null {
  const root = view.root as Document & { getSelection?: Document['getSelection'] };
  const selection = root.getSelection?.() ?? document.getSelection();
  const { anchorNode, focusNode, anchorOffset, focusOffset } = selection ?? {};
  if (!anchorNode || !focusNode || !view.contentDOM.contains(anchorNode) || !view.contentDOM.contains(focusNode)) return null;
  const ends = [view.posAtDOM(anchorNode, anchorOffset), view.posAtDOM(focusNode, focusOffset)];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return from === to ? null : { from, to };
}

/**
 * Creates the editor in an element. It lives in a shadow root, because there CodeMirror adopts its style sheets, which
 * the strict policy allows; elsewhere it would write `<style>` elements, which it refuses.
 */
export function createSqlEditor(place: HTMLElement, { text, onRun, onChange }: Options): SqlEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  let tables: TableInfo = { table: 'hits', columns: [] };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        // Before the editor's own keys: there Ctrl and Enter insert a line.
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run: () => (onRun(), true) }, { key: 'Ctrl-Enter', run: () => (onRun(), true) }])),
        lineNumbers(),
        history(),
        bracketMatching(),
        closeBrackets(),
        sql({ dialect: BEACON_SQL }),
        autocompletion({ override: [(context) => completionsOf(context, tables)], icons: false }),
        syntaxHighlighting(HIGHLIGHTS),
        EditorView.lineWrapping,
        // Tab is left to the browser: it leads out of the editor.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.domEventHandlers({ beforeinput: replaceSelection }),
        EditorView.contentAttributes.of({ 'aria-label': 'SQL', spellcheck: 'false', autocapitalize: 'off' }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
        marks,
        THEME,
      ],
    }),
  });

  return {
    text: () => view.state.doc.toString(),
    selectedOrAll() {
      const { from, to } = view.state.selection.main;
      const selected = view.state.sliceDoc(from, to);
      return selected.trim() === '' ? view.state.doc.toString() : selected;
    },
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, selection: { anchor: next.length } });
    },
    insert(name) {
      view.dispatch(view.state.replaceSelection(name));
      view.focus();
    },
    select(position) {
      view.dispatch({ selection: { anchor: position }, scrollIntoView: true });
      view.focus();
    },
    mark(range) {
      view.dispatch({ effects: setMark.of(range) });
    },
    setTables(next) {
      tables = next;
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
