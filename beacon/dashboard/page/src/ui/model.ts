// What every part of the page sees: the view, the answers and how to move on.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Answers, Common } from '../answers';
import type { About, Api } from '../api';
import type { View } from '../address';
import type { Format } from '../format';
import type { Connection } from '../live';
import type { Span } from '../period';

export interface Model {
  about: About;
  view: View;
  /** The period that is shown, and the one before. */
  now: Span;
  before: Span;
  now_ms: number;
  own_zone: string;
  format: Format;
  answers: Answers;
  connection: Connection;
  /** How old the oldest hit is that is not delivered, where that is too old. */
  undelivered_s: number | null;
  /** What the address says that is not known: where there is any, no number is shown. */
  unknown: string[];
  /** Errors and warnings that more than one panel has: said once, above them all. */
  common: Common;
  /** When the latest answer came. */
  asked_at_ms: number | null;
  /** Null in a report: nothing can be asked. */
  api: Api | null;
  /** When the report was made, if this is one. */
  made_at_ms: number | null;
  go: (change: Partial<View>) => void;
  /** Called by a panel that came into sight: its question is asked from now on. */
  see: (question: string) => void;
  logOut: () => void;
}

const Context = createContext<Model | null>(null);

export const ModelProvider = Context.Provider;

export function useModel(): Model {
  const model = useContext(Context);
  if (model === null) throw new Error('no model above this component');
  return model;
}

/** What a reader calls a source. */
export const UNTOLD = 'Direct or untold';
