// The apps that are known as referrers: Android names them by their package, and readers by their name.

/** By the package, which Android's browsers send as `android-app://PACKAGE`. */
const ANDROID: Record<string, string> = {
  'ai.perplexity.app.android': 'Perplexity',
  'com.anthropic.claude': 'Claude',
  'com.discord': 'Discord',
  'com.duckduckgo.mobile.android': 'DuckDuckGo',
  'com.facebook.katana': 'Facebook',
  'com.google.android.gm': 'Gmail',
  'com.google.android.googlequicksearchbox': 'Google',
  'com.google.android.youtube': 'YouTube',
  'com.instagram.android': 'Instagram',
  'com.linkedin.android': 'LinkedIn',
  'com.microsoft.office.outlook': 'Outlook',
  'com.microsoft.teams': 'Microsoft Teams',
  'com.openai.chatgpt': 'ChatGPT',
  'com.pinterest': 'Pinterest',
  'com.reddit.frontpage': 'Reddit',
  'com.slack': 'Slack',
  'com.snapchat.android': 'Snapchat',
  'com.twitter.android': 'X',
  'com.whatsapp': 'WhatsApp',
  'com.zhiliaoapp.musically': 'TikTok',
  'io.github.hidroh.materialistic': 'Hacker News',
  'org.joinmastodon.android': 'Mastodon',
  'org.telegram.messenger': 'Telegram',
  'xyz.blueskyweb.app': 'Bluesky',
};

const SCHEME = /^android-app:\/\/([^/]+)\/?$/i;

/** A known app's name; any other referrer as it is. */
export function referrerName(referrer: string): string {
  const app = SCHEME.exec(referrer)?.[1]?.toLowerCase();
  const name = app !== undefined && Object.hasOwn(ANDROID, app) ? ANDROID[app] : undefined;
  return name ?? referrer;
}
