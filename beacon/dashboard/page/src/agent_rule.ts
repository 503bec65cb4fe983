// The rule that decided an agent's class, in words: its name, who operates it, and its purpose.

export interface AgentRule {
  /** The rule without its version, such as `ai.training.gptbot`; empty for hits from before there were rules. */
  rule: string;
  name: string;
  /** The name is that of an agent, and not a description. */
  is_named: boolean;
  /** Null where it isn't known. */
  operator: string | null;
  purpose: string;
}

/** Purposes by how rules begin; the longest beginning that fits counts. */
const PURPOSES = new Map(Object.entries({
  'ai.training': 'AI training',
  'ai.index': 'AI search',
  'ai.agent': 'AI on request',
  search: 'Search engines',
  seo: 'SEO tools',
  monitoring: 'Monitoring',
  preview: 'Link previews',
  feed: 'Feed readers',
  library: 'HTTP libraries',
  archive: 'Archives',
  academic: 'Research',
  advertising: 'Advertising',
  scanner: 'Security scanners',
  automation: 'Automated browsers',
  contradiction: 'Automated browsers',
  generic: 'Other bots',
  prefetch: 'Prefetch',
  mail: 'Email programs',
  app: 'Apps',
  server: 'Servers that report events',
  browser: 'Browsers',
}));

/** Names of rules that aren't the name of an agent. */
const RULE_NAMES = new Map(Object.entries({
  '': 'Recorded before agents were told apart',
  browser: 'Browser',
  other: 'No known browser',
  'generic.bare': 'No user agent',
  'generic.sign': 'User agent that begins with a sign',
  'generic.product': 'User agent with nothing but a product',
  'generic.long-word': 'User agent with a long word',
  'generic.number': 'User agent that begins with a number',
  'generic.search': 'User agent that begins with “search”',
  'generic.mozilla-product': 'User agent with only Mozilla and a product',
  'generic.last-word': 'User agent that ends with a bare word',
  'generic.email-address': 'User agent with an email address',
  'generic.first-version': 'User agent with the version 1.0',
  'generic.empty-part': 'User agent with an empty part',
  'automation.webdriver': 'Browser driven by a program',
  'automation.headless-hint': 'Headless browser',
  'contradiction.firefox-hint': 'Firefox with Chromium’s headers',
  'contradiction.safari-hint': 'Safari with Chromium’s headers',
  'contradiction.platform': 'Headers that name two systems',
  'contradiction.no-fetch-metadata': 'Chromium without its headers',
  'prefetch.prerender': 'Prerendered page',
  'prefetch.sec-purpose': 'Prefetched page',
  'prefetch.purpose': 'Prefetched page (Purpose)',
  'prefetch.x-moz': 'Prefetched page (X-Moz)',
  'prefetch.x-purpose': 'Preview of a page',
  'app.cfnetwork': 'Apps on Apple devices',
  'app.dalvik': 'Apps on Android',
  'server.product': 'Server with a name of its own',
  'mail.gmail': 'Gmail’s image proxy',
  'mail.yahoo': 'Yahoo’s image proxy',
  'mail.fastmail': 'Fastmail’s image proxy',
  'mail.hey': 'HEY’s image proxy',
  'mail.seznam': 'Seznam’s image proxy',
  'mail.shortwave': 'Shortwave’s image proxy',
  'mail.apple-privacy': 'Apple Mail Privacy Protection',
  'mail.bare-webkit': 'Apple Mail or new Outlook',
  'mail.outlook': 'Outlook',
  'mail.thunderbird': 'Thunderbird',
}));

/** Operators and their agents, by the spelling that the operator uses. */
const AGENTS_OF: Record<string, string> = {
  OpenAI: 'GPTBot OAI-SearchBot ChatGPT-User',
  Anthropic: 'ClaudeBot anthropic-ai Claude-Web Claude-SearchBot Claude-User',
  Google:
    'Googlebot GoogleOther Google-NotebookLM Gemini-Deep-Research Google-Agent GoogleAgent-Mariner Google-Gemini-CLI Google-CloudVertexBot',
  Perplexity: 'PerplexityBot Perplexity-User PerplexityUser',
  Microsoft: 'bingbot BingPreview MicrosoftPreview AzureAI-SearchBot',
  Meta: 'meta-externalagent FacebookBot meta-externalfetcher facebookexternalhit',
  Apple: 'Applebot',
  Amazon: 'Amazonbot Amzn-SearchBot Amzn-User AmazonBuyForMe Amazon-Bedrock-AgentCore-Browser',
  Mistral: 'MistralAI-User',
  ByteDance: 'Bytespider TikTokSpider',
  'Common Crawl': 'CCBot',
  DeepSeek: 'DeepSeekBot',
  Cohere: 'cohere-ai cohere-training-data-crawler',
  Huawei: 'PanguBot PetalBot',
  Diffbot: 'Diffbot',
  'You.com': 'YouBot',
  DuckDuckGo: 'DuckAssistBot DuckDuckBot',
  Baidu: 'Baiduspider',
  Seznam: 'SeznamBot',
  Ahrefs: 'AhrefsBot',
  Semrush: 'SemrushBot',
  LinkedIn: 'LinkedInBot',
  Slack: 'Slackbot',
  X: 'Twitterbot',
  Telegram: 'TelegramBot',
  Discord: 'Discordbot',
};

const KNOWN = new Map<string, { name: string; operator: string }>();
for (const [operator, names] of Object.entries(AGENTS_OF)) {
  for (const name of names.split(' ')) KNOWN.set(name.toLowerCase(), { name, operator });
}

/** Reads a rule as hits have it, such as `2026.11/ai.training.gptbot`; null stands for a hit without one. */
export function agentRule(text: string | null): AgentRule {
  const rule = (text ?? '').replace(/^[^/]*\//, '');
  const parts = rule.split('.');
  const known = KNOWN.get(parts.at(-1)!);
  const purpose = PURPOSES.get(parts.slice(0, 2).join('.')) ?? PURPOSES.get(parts[0]!) ?? 'Unclear';
  const words = RULE_NAMES.get(rule) ?? null;
  const name = words ?? known?.name ?? wordOf(parts);
  const is_named = words === null ? parts.length > 1 && parts[0] !== 'generic' : parts[0] === 'mail';
  return { rule, name, is_named, operator: known?.operator ?? null, purpose };
}

/** Returns true for agents of AI services, including the search engines whose index they use. */
export function isAi({ rule }: AgentRule): boolean {
  return rule.startsWith('ai.') || rule === 'search.bingbot' || rule === 'search.applebot';
}

/** Names an agent by the end of its rule, and a word in a user agent as such. */
function wordOf(parts: string[]): string {
  if (parts[0] === 'generic') return `“${parts.slice(1).join('.')}” in the user agent`;
  return parts.slice(parts.length > 2 && parts[0] === 'ai' ? 2 : Math.min(1, parts.length - 1)).join('.');
}
