// Pivots rows of (site, page, source, views) into one row per page with one column per source.

import type { QueryResult, Cell } from './api';

/** More columns would be unreadable; the remaining sources share one. */
export const MAX_SOURCES = 6;

/** Null stands for direct or unknown: typed, bookmarked, or not sent by the browser. */
export type Source = string | null;

export interface PageRow {
  site: string | null;
  page: string | null;
  views: number;
  /** Views per source, in the order of `Pivot.sources`. */
  by_source: number[];
  other: number;
}

export interface Pivot {
  sources: Source[];
  has_other: boolean;
  pages: PageRow[];
  /** False if the result was truncated. */
  is_complete: boolean;
}

export function pivot(result: QueryResult, max_sources = MAX_SOURCES): Pivot {
  const rows = completePages(result);
  const totals = new Map<Source, number>();
  for (const row of rows) totals.set(row.source, (totals.get(row.source) ?? 0) + row.views);
  const ranked = [...totals].sort((a, b) => b[1] - a[1] || compareSources(a[0], b[0]));
  // If only one source is left over, it gets its own column instead of a shared one.
  const shown = ranked.length === max_sources + 1 ? ranked.length : max_sources;
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
  return { sources, has_other: ranked.length > shown, pages: list, is_complete: result.truncated !== true };
}

/** Drops the rows of the last page if truncation has cut them off in the middle. */
function completePages(result: QueryResult): ReturnType<typeof records> {
  const rows = records(result);
  const last = rows.at(-1);
  if (result.truncated !== true || last === undefined) return rows;
  const is_last = ({ site, page }: { site: string | null; page: string | null }) =>
    site === last.site && page === last.page;
  const views = rows.filter(is_last).reduce((sum, row) => sum + row.views, 0);
  return views < last.page_views ? rows.filter((row) => !is_last(row)) : rows;
}

interface SourceRow {
  site: string | null;
  page: string | null;
  source: Source;
  views: number;
  /** Views of the page from all sources. */
  page_views: number;
}

function records(result: QueryResult): SourceRow[] {
  const read = cellReader(result);
  return (result.rows ?? []).map((row) => ({
    site: text(read(row, 'site')),
    page: text(read(row, 'page')),
    source: text(read(row, 'source')),
    views: Number(read(row, 'views') ?? 0),
    page_views: Number(read(row, 'page_views') ?? 0),
  }));
}

/** Returns a function that reads a cell by column name; null if the result has no such column. */
export function cellReader(result: QueryResult): (row: Cell[], name: string) => Cell {
  const index_of = new Map((result.columns ?? []).map((column, index) => [column.name, index]));
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
