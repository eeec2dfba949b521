// Real-time developer notifications (developer.android.com/google/play/billing/rtdn-reference), pushed by Pub/Sub with a
// token of a service account the operator chose (cloud.google.com/pubsub/docs/authenticate-push-subscriptions). A notice
// names a purchase and tells nothing of it; what it names is read at the store.
import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod';
import type { SignedBody } from '#platform/route';
import type { Fact, NoticeFault, NoticeReading } from '../../port.ts';
import { parseJson } from '../parse-json.ts';
import { KeysUnknown } from './google-keys.ts';

export interface PushSettings {
  readonly packageName: string;
  /** Audience of the subscription, as it is set up there. */
  readonly audience: string;
  /** Address of the service account that pushes. */
  readonly pushAccount: string;
}

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** A token holds for an hour; a clock may be off by a minute. */
const TOLERANCE_SECONDS = 60;
const BEARER = /^Bearer ([\w-]{1,2000}\.[\w-]{1,6000}\.[\w-]{1,2000})$/;

const word = z.string().min(1).max(180);
/** Stands in an address: neither empty nor a step in it. */
const token = z.string().regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,1500}$/);
const purchase = z.object({ purchaseToken: token });

const push = z.object({ message: z.object({ data: z.base64().max(100_000), messageId: word }) });
const notification = z.object({
  packageName: word,
  oneTimeProductNotification: purchase.extend({ notificationType: z.int() }).nullish(),
  subscriptionNotification: purchase.nullish(),
  voidedPurchaseNotification: purchase.extend({ orderId: word, refundType: z.int().nullish() }).nullish(),
});
type Notification = z.output<typeof notification>;

/** What has to be read at the store. `refund`: how much of a purchase is left, after a part of it went back. */
const named = z.strictObject({ kind: z.enum(['product', 'subscription', 'refund']), token });
export type Named = z.output<typeof named>;

/** What names a purchase to `find` and `prove`. */
export const namedAtPlay = (purchase: Named): string => JSON.stringify(purchase);

/** Reads what `lookUp` of a reading of this file says. */
export const readNamed = (text: string): Named => named.parse(JSON.parse(text));

/** Reads a notice. Never throws for what it holds; `unknown` while Google does not say its keys. */
export async function readPush(
  settings: PushSettings,
  keys: JWTVerifyGetKey,
  signed: SignedBody,
  nowMs: number,
): Promise<NoticeReading> {
  const proof = await prove(settings, keys, signed.headers.authorization ?? '', nowMs);
  if (proof === 'unknown') return { outcome: 'unknown' };
  if (proof !== null) return { outcome: 'refused', fault: proof };
  const sent = push.safeParse(parseJson(signed.octets));
  if (!sent.success) return { outcome: 'refused', fault: 'malformed' };
  const { data, messageId } = sent.data.message;
  const told = notification.safeParse(parseJson(Buffer.from(data, 'base64')));
  if (!told.success) return { outcome: 'refused', fault: 'malformed' };
  if (told.data.packageName !== settings.packageName) return { outcome: 'refused', fault: 'audience' };
  return { outcome: 'read', noticeId: messageId, provider: 'play_store', ...meaningOf(told.data) };
}

/** Null where the token is Google's, for us, and of the account that pushes. */
async function prove(
  { audience, pushAccount }: PushSettings,
  keys: JWTVerifyGetKey,
  authorization: string,
  nowMs: number,
): Promise<NoticeFault | 'unknown' | null> {
  const [, bearer] = BEARER.exec(authorization) ?? [];
  if (bearer === undefined) return 'signature';
  try {
    const { payload } = await jwtVerify(bearer, keys, {
      algorithms: ['RS256'],
      issuer: ISSUERS,
      audience,
      currentDate: new Date(nowMs),
      clockTolerance: TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'iat', 'email'],
    });
    return payload.email === pushAccount && payload.email_verified === true ? null : 'signature';
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): NoticeFault | 'unknown' {
  if (error instanceof errors.JWTExpired) return 'stale';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') return 'audience';
  if (error instanceof KeysUnknown) return 'unknown';
  if (error instanceof errors.JOSEError) return 'signature';
  // What Google named as a key is none.
  if (error instanceof TypeError || error instanceof DOMException) return 'unknown';
  throw error;
}

const PURCHASED = 1;
const PARTLY = 2;
const NOTHING = { facts: [], lookUp: null } as const;

/** The fact it tells, or what has to be read. Tests, refunds under review and what is still to come tell nothing. */
function meaningOf(told: Notification): { facts: readonly Fact[]; lookUp: string | null } {
  const { oneTimeProductNotification: product, subscriptionNotification: subscription } = told;
  const { voidedPurchaseNotification: voided } = told;
  if (subscription != null) return toRead({ kind: 'subscription', token: subscription.purchaseToken });
  if (product?.notificationType === PURCHASED)
    return toRead({ kind: 'product', token: product.purchaseToken });
  if (voided?.refundType === PARTLY) return toRead({ kind: 'refund', token: voided.purchaseToken });
  if (voided == null) return NOTHING;
  const fact = { kind: 'refunded', settlementId: voided.orderId, totalMicros: null } as const;
  return { facts: [fact], lookUp: null };
}

const toRead = (what: Named) => ({ facts: [], lookUp: namedAtPlay(what) });
