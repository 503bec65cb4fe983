// Waits for the first hit of a site, and says why one that came isn't counted.

import { countsByRule } from './agent_counts';
import { AGENT_CLASSES, agentWords, treatmentOf } from './agents';
import type { Api, QueryRequest, QueryResult } from './api';
import { awaitSuccess } from './await_result';
import { ORIGIN_MS } from './period';
import { cellReader } from './pivot';

export type FirstHit =
  | { kind: 'waiting' }
  | { kind: 'counted' }
  /** Hits came, but none that counts. */
  | { kind: 'not counted'; reason: string };

/** Whose hits count as coming after the dialog was opened: clocks of browser and server may differ. */
const BEFORE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Returns the sites that have had a hit that counts. */
export async function sitesSoFar(api: Api, now_ms: number, signal: AbortSignal): Promise<string[]> {
  const sites = await ask(api, { question: 'sites', from_ms: ORIGIN_MS, to_ms: now_ms + DAY_MS, site: '*' }, signal);
  return namesOf(sites);
}

/** Asks what has come for a site since an instant. `known` are the sites that had hits before. */
export async function lookForHit(api: Api, site: string, since_ms: number, known: readonly string[], signal: AbortSignal): Promise<FirstHit> {
  const span = { from_ms: since_ms - BEFORE_MS, to_ms: since_ms + DAY_MS };
  const agents = await ask(api, { ...span, question: 'agents', site }, signal);
  const found = judged(agents);
  if (found.kind !== 'waiting') return found;
  const sites = await ask(api, { ...span, question: 'sites', site: '*', agents: [...AGENT_CLASSES] }, signal);
  const other = nearbySite(sites, site, known);
  if (other === null) return found;
  return {
    kind: 'not counted',
    reason: `A hit came for ${other}, not for ${site}. Write ${other} here, or data-site="${site}" in the snippet.`,
  };
}

/** Tells from the counts by agent whether a hit is counted, and if not, whose hits came. */
export function judged(agents: QueryResult): FirstHit {
  const rules = countsByRule(agents).filter(({ hits }) => hits > 0);
  if (rules.some(({ agent }) => treatmentOf(agent, []) === 'counted')) return { kind: 'counted' };
  const [first] = rules;
  if (first === undefined) return { kind: 'waiting' };
  const by = first.is_named ? `${first.name}, one of the ${agentWords(first.agent)}` : agentWords(first.agent);
  return { kind: 'not counted', reason: `A hit came, by ${by}. Machines are not counted: open the page in your browser.` };
}

/** Returns a site that hits came for and that is probably meant: with or without www., or another host of the same domain. */
export function nearbySite(sites: QueryResult, site: string, known: readonly string[]): string | null {
  const found = namesOf(sites).filter((name) => name !== site);
  const bare = (name: string) => name.replace(/^www\./, '');
  const alike = (name: string) => bare(name) === bare(site) || name.endsWith(`.${bare(site)}`) || site.endsWith(`.${bare(name)}`);
  return found.find((name) => alike(name) || !known.includes(name)) ?? null;
}

function namesOf(sites: QueryResult): string[] {
  const read = cellReader(sites);
  return (sites.rows ?? []).map((row) => read(row, 'site')).filter((name) => typeof name === 'string');
}

async function ask(api: Api, request: QueryRequest, signal: AbortSignal): Promise<QueryResult> {
  const { id } = await api.submit(request);
  return awaitSuccess(api, id, signal);
}
