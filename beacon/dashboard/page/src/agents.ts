// Agent classes: which exist, which are counted, and their names.

export const AGENT_CLASSES = ['human', 'unknown', 'bot', 'scanner', 'prefetch', 'mail_proxy'] as const;
export type AgentClass = (typeof AGENT_CLASSES)[number];

/** The classes that count unless a filter on Agent names others. */
export const COUNTED: readonly AgentClass[] = ['human', 'unknown'];

/** The classes that only the upper bound of opens includes. */
const PERHAPS_OPENS: readonly AgentClass[] = ['mail_proxy', 'prefetch'];

const LABELS: Record<AgentClass, string> = {
  human: 'People',
  unknown: 'Unclear',
  bot: 'Bots',
  scanner: 'Security scanners',
  prefetch: 'Prefetch',
  mail_proxy: 'Mail proxies',
};

/** Returns the class with this name, or undefined if there is none. */
export function agentClass(name: string): AgentClass | undefined {
  return AGENT_CLASSES.find((known) => known === name);
}

/** Returns the display name of a class; a name that isn't known stays as it is. */
export function agentLabel(name: string): string {
  const known = agentClass(name);
  return known === undefined ? name : LABELS[known];
}

/** Returns the name of a class within a sentence that begins "by". */
export function agentWords(known: AgentClass): string {
  return known === 'unknown' ? 'unclear agents' : LABELS[known].toLowerCase();
}

/** Returns what a filter on Agent does with the hits of a class; an empty filter is the default. */
export function treatmentOf(known: AgentClass, filter: readonly AgentClass[]): 'counted' | 'perhaps' | 'left out' {
  if ((filter.length > 0 ? filter : COUNTED).includes(known)) return 'counted';
  return filter.length === 0 && PERHAPS_OPENS.includes(known) ? 'perhaps' : 'left out';
}
