// Google's keys for the tokens of its service accounts (accounts.google.com/.well-known/openid-configuration), fetched
// through the egress client when a token needs one. Kept for an hour; a key nobody knows is asked for twice a minute at most.
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';
import type { Egress } from '#privacy/egress';
import { parseJson } from '../parse-json.ts';

export const GOOGLE_KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';

/** Google changes its keys within days and publishes them before it uses them. */
const KEPT_MS = 3_600_000;
const ASKED_AGAIN_MS = 30_000;

const keySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(50),
});

/** Google did not say its keys: what they would prove is not known, and may be asked again. */
export class KeysUnknown extends Error {}

/** While Google does not answer, forged tokens make no calls of ours. */
const FAILED_AGAIN_MS = 5_000;

export function googleKeys(egress: Egress, url: string): JWTVerifyGetKey {
  let failedAtMs = Number.NEGATIVE_INFINITY;
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: KEPT_MS,
    cooldownDuration: ASKED_AGAIN_MS,
    async [customFetch]() {
      if (performance.now() - failedAtMs < FAILED_AGAIN_MS) throw new KeysUnknown();
      try {
        return await fetchKeys(egress, url);
      } catch (error) {
        failedAtMs = performance.now();
        throw error;
      }
    },
  });
}

async function fetchKeys(egress: Egress, url: string): Promise<Response> {
  const answer = await egress.send('app_stores', { url, method: 'GET' });
  if (answer.outcome !== 'answered' || answer.status !== 200) throw new KeysUnknown();
  const read = keySet.safeParse(parseJson(answer.body));
  if (!read.success) throw new KeysUnknown();
  return Response.json(read.data);
}
