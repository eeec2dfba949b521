// Where requests go. The key goes with each of them, so plain http is for this machine only.

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The base without a slash at its end. Throws TypeError, saying what to do, on one that cannot be used. */
export function checkedBaseUrl(text: string, insecureHttp: boolean): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseUrl must be an https address, such as https://sms.example.com');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new TypeError('baseUrl must have no credentials, query or fragment; the key goes into apiKey');
  }
  if (url.protocol === 'http:' && !insecureHttp && !LOOPBACK.test(url.hostname)) {
    throw new TypeError('baseUrl would send the API key over plain http; use https, or set insecureHttp');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
