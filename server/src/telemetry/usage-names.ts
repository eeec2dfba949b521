// What can be counted: closed lists. A name that is on none of them is counted as `other`, so that no path with an id
// in it, no query and no text of a client can become a name (R-ACCESSLOG, R-USAGE).
import { operations } from '@sotto/contract';
import { BROWSERS, type CoarseDevice, DEVICES, SYSTEMS, VERSION_MAX } from './device.ts';

/** `feature`: an operation of the API. `page`: the template of its path. The rest is what `readUserAgent` gives. */
export const USAGE_KINDS = ['feature', 'page', 'browser', 'system', 'device'] as const;
export type UsageKind = (typeof USAGE_KINDS)[number];

export const OTHER = 'other';

const NAMES: Readonly<Record<UsageKind, ReadonlySet<string>>> = {
  feature: new Set(operations.map(({ id }) => id)),
  page: new Set(operations.map(({ path }) => path)),
  browser: new Set<string>(BROWSERS),
  system: new Set<string>(SYSTEMS),
  device: new Set<string>(DEVICES),
};

/** A browser with its major version, as `firefox/133`. */
export const browserName = ({ browser, version }: Pick<CoarseDevice, 'browser' | 'version'>): string =>
  version === null ? browser : `${browser}/${version}`;

function isKnown(kind: UsageKind, name: string): boolean {
  if (NAMES[kind].has(name)) return true;
  if (kind !== 'browser') return false;
  const [browser, version, ...rest] = name.split('/');
  return (
    rest.length === 0 &&
    NAMES.browser.has(browser!) &&
    /^[1-9]\d{0,2}$/.test(version ?? '') &&
    Number(version) <= VERSION_MAX
  );
}

/** The name itself when it is on the list, else `other`. */
export const knownName = (kind: UsageKind, name: string): string => (isKnown(kind, name) ? name : OTHER);

/** The next wider group a small one is counted in: a browser without its version, then `other`, then none. */
export function widerName(kind: UsageKind, name: string): string | null {
  if (name === OTHER) return null;
  const slash = kind === 'browser' ? name.indexOf('/') : -1;
  return slash < 0 ? OTHER : name.slice(0, slash);
}
