// The AI services that send visits, by their names, and by the hosts, apps and tags that an older API has for sources.

/** Each service of athena/sources.tsv with its hosts, which stand for their subdomains, apps and further values of `utm_source`. */
export const AI_SOURCES: Record<string, string> = {
  ChatGPT: 'chatgpt.com chat.openai.com com.openai.chatgpt openai',
  Perplexity: 'perplexity.ai ai.perplexity.app.android',
  Claude: 'claude.ai com.anthropic.claude',
  Gemini: 'gemini.google.com bard.google.com',
  Copilot: 'copilot.microsoft.com copilot.com',
  DeepSeek: 'chat.deepseek.com deepseek.com',
  Grok: 'grok.com',
  'Le Chat': 'chat.mistral.ai',
  'Meta AI': 'meta.ai',
  Poe: 'poe.com',
  'You.com': 'you.com',
  Phind: 'phind.com',
  Kimi: 'kimi.com',
  Qwen: 'chat.qwen.ai',
};

/** The channel of visits that an AI service sent. */
export const AI_CHANNEL = 'AI assistants';

/** Returns the name of the AI service that a source is, or null if it is none. */
export function aiService(source: string): string | null {
  const text = source.toLowerCase().replace(/^android-app:\/\//, '').replace(/\/$/, '');
  for (const [name, spellings] of Object.entries(AI_SOURCES)) {
    if (text === name.toLowerCase()) return name;
    const fits = (spelling: string) => text === spelling || text.endsWith(`.${spelling}`);
    if (spellings.split(' ').some(fits)) return name;
  }
  return null;
}

/** Adds up counts by AI service, most first; rows of other sources are left out. */
export function byAiService(rows: { source: string; counts: number[] }[]): { name: string; counts: number[] }[] {
  const found = new Map<string, number[]>();
  for (const { source, counts } of rows) {
    const name = aiService(source);
    if (name === null) continue;
    const sums = found.get(name);
    found.set(name, sums === undefined ? counts : sums.map((sum, place) => sum + counts[place]!));
  }
  return [...found].map(([name, counts]) => ({ name, counts })).sort((a, b) => b.counts[0]! - a.counts[0]!);
}
