// Rows of (site, page, source, views) turned into a row for each page with a column for each source.

import type { Answer, Cell } from './api';

/** More columns than this can't be read; the further sources share one. */
export const MOST_SOURCES = 6;

/** A source of null: typed, bookmarked, or not told by the browser. */
export type Source = string | null;

export interface PageRow {
  site: string | null;
  page: string | null;
  views: number;
  /** In the order of the pivot's sources. */
  by_source: number[];
  other: number;
}

export interface Pivot {
  sources: Source[];
  has_other: boolean;
  pages: PageRow[];
  /** Whether these are all pages. */
  is_whole: boolean;
}

export function pivot(answer: Answer, most_sources = MOST_SOURCES): Pivot {
  const rows = wholePages(answer);
  const totals = new Map<Source, number>();
  for (const row of rows) totals.set(row.source, (totals.get(row.source) ?? 0) + row.views);
  const ranked = [...totals].sort((a, b) => b[1] - a[1] || compareSources(a[0], b[0]));
  // A column of its own is no wider than one shared by a single source.
  const shown = ranked.length === most_sources + 1 ? ranked.length : most_sources;
  const sources = ranked.slice(0, shown).map(([source]) => source);
  const index_of = new Map(sources.map((source, index) => [source, index]));

  const pages = new Map<string, PageRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.site, row.page]);
    let page = pages.get(key);
    if (page === undefined) {
      page = { site: row.site, page: row.page, views: 0, by_source: sources.map(() => 0), other: 0 };
      pages.set(key, page);
    }
    page.views += row.views;
    const index = index_of.get(row.source);
    if (index === undefined) page.other += row.views;
    else page.by_source[index]! += row.views;
  }
  const list = [...pages.values()].sort((a, b) => b.views - a.views);
  return { sources, has_other: ranked.length > shown, pages: list, is_whole: answer.truncated !== true };
}

/** The rows without those of a last page that the end of the answer has cut. */
function wholePages(answer: Answer): ReturnType<typeof records> {
  const rows = records(answer);
  const last = rows.at(-1);
  if (answer.truncated !== true || last === undefined) return rows;
  const is_last = ({ site, page }: { site: string | null; page: string | null }) =>
    site === last.site && page === last.page;
  const views = rows.filter(is_last).reduce((sum, row) => sum + row.views, 0);
  return views < last.page_views ? rows.filter((row) => !is_last(row)) : rows;
}

/** Views of each source, most first. */
export function sourceTotals(answer: Answer): { source: Source; views: number }[] {
  const totals = new Map<Source, number>();
  for (const { source, views } of records(answer)) totals.set(source, (totals.get(source) ?? 0) + views);
  return [...totals]
    .map(([source, views]) => ({ source, views }))
    .sort((a, b) => b.views - a.views || compareSources(a.source, b.source));
}

interface SourceRow {
  site: string | null;
  page: string | null;
  source: Source;
  views: number;
  /** Of all sources together. */
  page_views: number;
}

function records(answer: Answer): SourceRow[] {
  const read = reader(answer);
  return (answer.rows ?? []).map((row) => ({
    site: text(read(row, 'site')),
    page: text(read(row, 'page')),
    source: text(read(row, 'source')),
    views: Number(read(row, 'views') ?? 0),
    page_views: Number(read(row, 'page_views') ?? 0),
  }));
}

/** Reads a row's cell by its column's name; null where the answer has no such column. */
export function reader(answer: Answer): (row: Cell[], name: string) => Cell {
  const index_of = new Map((answer.columns ?? []).map((column, index) => [column.name, index]));
  return (row, name) => {
    const index = index_of.get(name);
    return index === undefined ? null : (row[index] ?? null);
  };
}

function text(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

function compareSources(a: Source, b: Source): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
