// The one form of a policy, and its hash, by which everything names it: acceptances, open requests, evidence. What
// a text says otherwise but not differently (order of keys, comments, quotes, `P2Y` for `P24M`, what it extends)
// is gone from it.
import type { Policy } from './model.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A resolved policy as JSON with sorted keys and no spaces (the form of RFC 8785). Lists keep their order. */
export const canonicalForm = (policy: Policy): string => write(policy as unknown as Json);

function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value as { readonly [key: string]: Json });
  const members = entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical form: `sha256:` and 64 hexadecimal digits. */
export async function policyHash(policy: Policy): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalForm(policy));
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `sha256:${hex}`;
}
