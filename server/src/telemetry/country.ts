// The country of a network address, and nothing finer: no type of this context has a place for a region, a town or a
// coordinate (R-GEO). Whoever asks names a purpose; a policy that does not list the country for it gets no answer.
// The address is a parameter and goes nowhere else.
import type { Branded } from '#platform/brand';
import type { Purpose } from '#privacy/data-map';
import type { TelemetryPermissions } from './permissions.ts';

/** Two capital letters (ISO 3166-1 alpha-2). */
export type CountryCode = Branded<string, 'CountryCode'>;

/** The whole of what is known about a place. */
export interface Place {
  readonly country: CountryCode;
}

/** The port: something that knows countries of addresses. It keeps no address and calls nobody. */
export interface CountryLookup {
  /** Null for an address of no country, a private one, and for text that is no address. */
  countryOf(address: string): string | null;
}

/** Finds the country of an address for a purpose; null where it is not known or not allowed. */
export type Locate = (address: string, purpose: Purpose) => Place | null;

/**
 * Joins a source of countries with what the policy allows. Without a source, or where `user.location.imprecise` is
 * not listed for the purpose, the source is not even asked.
 */
export const createLocate =
  (lookup: CountryLookup | null, permissions: Pick<TelemetryPermissions, 'allows'>): Locate =>
  (address, purpose) => {
    if (lookup === null || !permissions.allows('user.location.imprecise', purpose)) return null;
    const code = lookup.countryOf(address);
    return code !== null && /^[A-Z]{2}$/.test(code) ? { country: code as CountryCode } : null;
  };
