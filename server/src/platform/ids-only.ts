// Payloads of jobs and events hold ids, counts, times and words of our own, nothing about anybody (invariant 6).
// Types say so; this holds against values that types cannot see.
import { assertInvariant } from './errors.ts';
import { looksPersonal } from './log/scrub.ts';

/** What may travel in a payload. */
export type IdsOnly = { readonly [Name in string]?: IdValue | readonly IdValue[] | undefined };
type IdValue = string | number | boolean | null;

/** Room for the ids of the largest batch of one request (10,000), with some to spare. */
const PAYLOAD_CHARACTERS_MAX = 524_288;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PUBLIC_ID = /^[a-z]{2,8}_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** RFC 3339 in UTC, or a calendar date. */
const TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d{1,9})?Z)?$/;
const WORD = /^[A-Za-z0-9_.:/-]{0,100}$/;

const allowed = (text: string) =>
  UUID.test(text) || PUBLIC_ID.test(text) || TIME.test(text) || (WORD.test(text) && !looksPersonal(text));

/** The payload as JSON. A value that could be a number, an address, a key or a text breaks an invariant. */
export function idsOnlyJson(owner: string, payload: object): string {
  for (const [name, value] of Object.entries(payload)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const fine =
        one === null || one === undefined || typeof one === 'boolean' || typeof one === 'number'
          ? true
          : typeof one === 'string' && allowed(one);
      assertInvariant(fine, `the payload of ${owner} carries ids only, ${name} holds something else`);
    }
  }
  const json = JSON.stringify(payload);
  assertInvariant(json.length <= PAYLOAD_CHARACTERS_MAX, `the payload of ${owner} is too large`);
  return json;
}
