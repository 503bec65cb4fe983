// The AI services that send visits.

/** The names of the sources of kind ai in athena/sources.tsv. */
export const AI_SOURCES: readonly string[] = [
  'ChatGPT',
  'Perplexity',
  'Claude',
  'Gemini',
  'Copilot',
  'DeepSeek',
  'Grok',
  'Le Chat',
  'Meta AI',
  'Poe',
  'You.com',
  'Phind',
  'Kimi',
  'Qwen',
];

/** The channel of visits that an AI service sent. */
export const AI_CHANNEL = 'AI assistants';
