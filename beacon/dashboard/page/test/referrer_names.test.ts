import { expect, test } from 'vitest';
import { referrerName } from '../src/referrer_names';

test.each([
  ['android-app://com.google.android.gm', 'Gmail'],
  ['android-app://com.google.android.gm/', 'Gmail'],
  ['android-app://com.Slack', 'Slack'],
  ['android-app://org.telegram.messenger', 'Telegram'],
  ['android-app://com.example.unknown', 'android-app://com.example.unknown'],
  ['android-app://constructor', 'android-app://constructor'],
  ['com.slack', 'com.slack'],
  ['news.example', 'news.example'],
])('%s is called %s', (referrer, name) => {
  expect(referrerName(referrer)).toBe(name);
});
