// The AI services that send visits, by the names that sources have.

const AI_SOURCES = [
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

/** Returns true for a source that is an AI service. */
export function isAiSource(source: unknown): boolean {
  return AI_SOURCES.some((name) => name === source);
}
