// One call to Stripe's API (docs.stripe.com/api): what every call has in common, and what its answers mean for all.
import * as z from 'zod';
import type { Egress, EgressRequest } from '#privacy/egress';

/** The version our schemas were written against. */
const STRIPE_VERSION = '2026-01-28.clover';

export interface Answer {
  /** Of HTTP; 0 where nothing was answered. */
  readonly status: number;
  /** Somebody else's, to be read with a schema; undefined for what is no JSON. */
  readonly body: unknown;
}

/** Makes one call. `idempotencyKey`: names what a POST begins, so that repeating it begins nothing twice. */
export type StripeCall = (
  path: string,
  request: Pick<EgressRequest, 'method' | 'body'>,
  idempotencyKey?: string,
) => Promise<Answer>;

export function stripeCall(
  egress: Egress,
  settings: { readonly origin: string; readonly secretKey: string },
): StripeCall {
  return async (path, request, idempotencyKey) => {
    const answer = await egress.send('payment_provider', {
      ...request,
      url: `${settings.origin}${path}`,
      headers: {
        authorization: `Bearer ${settings.secretKey}`,
        'stripe-version': STRIPE_VERSION,
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
    });
    return answer.outcome === 'answered'
      ? { status: answer.status, body: jsonOf(answer.body) }
      : { status: 0, body: undefined };
  };
}

/** Said for good: the same request will not succeed. Being unknown (401), busy (409, 429) or broken may pass. */
export const isRefusal = (status: number): boolean =>
  status === 400 || status === 402 || status === 403 || status === 404;

export const errorAnswer = z.object({
  error: z.object({
    code: z.string().nullish(),
    type: z.string().nullish(),
    payment_intent: z.unknown().optional(),
  }),
});

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
