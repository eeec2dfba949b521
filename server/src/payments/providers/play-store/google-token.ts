// Access to Google's APIs for a service account, without a person (RFC 7523, developers.google.com/identity/protocols/
// oauth2/service-account): a JWT signed with its key is exchanged for a token, which is kept until shortly before its end.
import { importPKCS8, SignJWT } from 'jose';
import * as z from 'zod';
import { alignedNowMs } from '#platform/clock';
import type { Egress } from '#privacy/egress';
import { parseJson } from '../parse-json.ts';

export const GOOGLE_TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/androidpublisher';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export interface ServiceAccount {
  readonly email: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
}

const keyFile = z.object({ client_email: z.string(), private_key: z.string() });

/** A service account as the file says that Google gives for it. Where else to ask for tokens, it has no say in. */
export function serviceAccountOf(json: string): ServiceAccount {
  const { client_email: email, private_key: privateKey } = keyFile.parse(JSON.parse(json));
  return { email, privateKey };
}

export interface AccessTokens {
  /** A token that holds; null when Google gives none now. */
  get(): Promise<string | null>;
  /** Drops a token that was refused. */
  forget(token: string): void;
}

const ASSERTED_SECONDS = 600;
/** A token is not used in its last minute. */
const MARGIN_SECONDS = 60;
const KEPT_SECONDS_MAX = 3_600;

const answered = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]{1,4000}$/),
  expires_in: z.number().min(0),
});

interface Kept {
  readonly token: string;
  readonly untilMs: number;
}

export function accessTokens(egress: Egress, account: ServiceAccount, url: string): AccessTokens {
  let kept: Kept | null = null;
  let asking: Promise<Kept | null> | null = null;

  async function ask(): Promise<Kept | null> {
    const nowMs = alignedNowMs();
    const assertion = await assertionOf(account, url, nowMs);
    const form = { grant_type: GRANT, assertion };
    const answer = await egress.send('app_stores', { url, method: 'POST', body: { form } });
    if (answer.outcome !== 'answered' || answer.status !== 200) return null;
    const read = answered.safeParse(parseJson(answer.body));
    if (!read.success) return null;
    const seconds = Math.min(read.data.expires_in, KEPT_SECONDS_MAX) - MARGIN_SECONDS;
    return { token: read.data.access_token, untilMs: nowMs + seconds * 1_000 };
  }

  return {
    async get() {
      if (kept !== null && alignedNowMs() < kept.untilMs) return kept.token;
      // Whoever comes meanwhile waits for the one that is asked for.
      asking ??= ask().finally(() => {
        asking = null;
      });
      kept = await asking;
      return kept?.token ?? null;
    },
    forget(token) {
      if (kept?.token === token) kept = null;
    },
  };
}

async function assertionOf(
  { email, privateKey }: ServiceAccount,
  url: string,
  nowMs: number,
): Promise<string> {
  const seconds = Math.floor(nowMs / 1_000);
  return new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(email)
    .setAudience(url)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + ASSERTED_SECONDS)
    .sign(await importPKCS8(privateKey, 'RS256'));
}
