// Display names of referrers: apps refer by their package name.

/** Keyed by the package, which browsers on Android send as `android-app://PACKAGE`. */
const ANDROID_APPS: Record<string, string> = {
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

const ANDROID_APP = /^android-app:\/\/([^/]+)\/?$/i;

/** Returns the name of a known app; any other referrer unchanged. */
export function referrerName(referrer: string): string {
  const app = ANDROID_APP.exec(referrer)?.[1]?.toLowerCase();
  const name = app !== undefined && Object.hasOwn(ANDROID_APPS, app) ? ANDROID_APPS[app] : undefined;
  return name ?? referrer;
}
