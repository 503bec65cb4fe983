// Splits the message about a statement into what is wrong, where, and how to help it.

export interface SqlMistake {
  message: string;
  /** Null where the message names no place in the text. */
  place: Place | null;
  help: string | null;
}

/** A place in the text. Lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
  /** How many characters are meant. */
  width: number;
}

/** Reads the messages of both engines: one puts the place below its message, Athena before or within it. */
export function sqlMistake(text: string): SqlMistake {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^\s*line \d+, column \d+:$/.test(line));
  if (at > 0) {
    const [line, column] = numbers(lines[at]!);
    const carets = /\^+/.exec(lines[at + 2] ?? '')?.[0].length ?? 1;
    return { message: lines.slice(0, at).join(' '), place: { line, column, width: carets }, help: joined(lines.slice(at + 3)) };
  }
  const named = /\bline (\d+):(\d+)(?::\s*)?/.exec(text);
  if (named === null) return { message: lines[0]!, place: null, help: joined(lines.slice(1)) };
  const [line, column] = numbers(named[0]);
  return { message: text.replace(named[0], '').trim(), place: { line, column, width: 1 }, help: null };
}

/** Returns the offsets in `sql` of a place: to the end of the word that begins there, unless it says how wide it is. */
export function offsetsOf(sql: string, { line, column, width }: Place): { from: number; to: number } {
  const lines = sql.split('\n');
  if (line > lines.length) return { from: sql.length, to: sql.length };
  const before = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
  const text = lines[line - 1]!;
  const start = Math.min(column - 1, text.length);
  const word = /^\w+/.exec(text.slice(start))?.[0].length ?? 1;
  const end = Math.min(text.length, start + (width > 1 ? width : word));
  return { from: before + start, to: before + end };
}

function numbers(text: string): [number, number] {
  const [first, second] = text.match(/\d+/g)!.map(Number);
  return [first!, second!];
}

function joined(lines: string[]): string | null {
  const text = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return text === '' ? null : text;
}
