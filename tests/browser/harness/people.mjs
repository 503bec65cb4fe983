// The user agents of people: hits that come from elsewhere count as a machine's, and the dashboard leaves them out.

/** Two people on one network differ by the versions of their browsers. */
const FIREFOX_VERSION = 140;
const CHROME_VERSION = 156;

/** Returns the user agent of a person's Firefox; each number is another person. */
export function firefoxUserAgent(person = 0) {
  const version = FIREFOX_VERSION - person;
  return `Mozilla/5.0 (X11; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
}

/** Returns the same of a person's Chrome. */
export function chromeUserAgent(person = 0) {
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${CHROME_VERSION - person}.0.0.0 Safari/537.36`;
}
