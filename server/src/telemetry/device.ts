// What a user agent says about a device, coarsely: four fields with few values each (R-DEVICE). The text itself goes
// no further than this function. Reading it is a search for fixed words in a bounded text, so no input takes long.

export const BROWSERS = [
  'edge',
  'opera',
  'samsung',
  'firefox',
  'chrome',
  'safari',
  'program',
  'other',
] as const;
export type Browser = (typeof BROWSERS)[number];
export const SYSTEMS = ['windows', 'ios', 'android', 'chromeos', 'macos', 'linux', 'other'] as const;
export type System = (typeof SYSTEMS)[number];
export const DEVICES = ['phone', 'tablet', 'desktop', 'program', 'robot', 'other'] as const;
export type Device = (typeof DEVICES)[number];

/** No field of it is free text, and the version is one to three digits. */
export interface CoarseDevice {
  readonly browser: Browser;
  /** Major version of the browser, 1 to `VERSION_MAX`; null when there is none or it is no browser. */
  readonly version: number | null;
  readonly system: System;
  readonly device: Device;
}

/** Browsers send about 120 characters; what is longer is not from one. */
const LENGTH_MAX = 512;
export const VERSION_MAX = 999;

/** Words before a version, the ones that others also send last. */
const BROWSER_MARKS: readonly (readonly [string, Browser])[] = [
  ['Edg/', 'edge'],
  ['EdgA/', 'edge'],
  ['EdgiOS/', 'edge'],
  ['OPR/', 'opera'],
  ['SamsungBrowser/', 'samsung'],
  ['Firefox/', 'firefox'],
  ['FxiOS/', 'firefox'],
  ['CriOS/', 'chrome'],
  ['Chrome/', 'chrome'],
  ['Version/', 'safari'],
];

const SYSTEM_MARKS: readonly (readonly [string, System])[] = [
  ['Windows', 'windows'],
  ['iPhone', 'ios'],
  ['iPad', 'ios'],
  ['Android', 'android'],
  ['CrOS', 'chromeos'],
  ['Macintosh', 'macos'],
  ['Linux', 'linux'],
];

const PROGRAM_STARTS = [
  'curl/',
  'Wget/',
  'python-requests/',
  'okhttp/',
  'Go-http-client/',
  'Java/',
  'PHP',
  'node',
];
const ROBOT_MARKS = ['bot', 'Bot', 'crawler', 'spider'];

const UNKNOWN: CoarseDevice = { browser: 'other', version: null, system: 'other', device: 'other' };

/** Reads the header `User-Agent`. What is absent, too long, not printable ASCII or of no known form is `other`. */
export function readUserAgent(header: string | undefined): CoarseDevice {
  if (header === undefined || header.length > LENGTH_MAX || !/^[\x20-\x7e]*$/.test(header)) return UNKNOWN;
  const system = SYSTEM_MARKS.find(([mark]) => header.includes(mark))?.[1] ?? 'other';
  if (ROBOT_MARKS.some((mark) => header.includes(mark)))
    return { browser: 'program', version: null, system, device: 'robot' };
  if (PROGRAM_STARTS.some((start) => header.startsWith(start)))
    return { browser: 'program', version: null, system, device: 'program' };
  if (!header.startsWith('Mozilla/5.0 (')) return UNKNOWN;
  const found = BROWSER_MARKS.find(([mark]) => header.includes(mark));
  const browser =
    found === undefined || (found[1] === 'safari' && !header.includes('Safari/')) ? 'other' : found[1];
  return {
    browser,
    version: found === undefined || browser === 'other' ? null : versionAfter(header, found[0]),
    system,
    device: deviceOf(header, system),
  };
}

function versionAfter(header: string, mark: string): number | null {
  const at = header.indexOf(mark) + mark.length;
  const digits = /^[1-9]\d{0,2}(?!\d)/.exec(header.slice(at, at + 4))?.[0];
  return digits === undefined ? null : Number(digits);
}

function deviceOf(header: string, system: System): Device {
  if (header.includes('iPad') || header.includes('Tablet')) return 'tablet';
  if (system === 'ios') return 'phone';
  // Android tells phones from tablets by this word.
  if (system === 'android') return header.includes('Mobile') ? 'phone' : 'tablet';
  return system === 'other' ? 'other' : 'desktop';
}
