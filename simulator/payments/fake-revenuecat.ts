// A fake RevenueCat: events in the shape its documentation gives (revenuecat.com/docs/integrations/webhooks), under the
// header that was agreed on. It plays the store as well: transactions are drawn here.
import { randomBytes } from 'node:crypto';
import type { SentNotice } from './notice-sender.ts';

export interface FakeRevenueCat {
  /** The whole value of the Authorization header. */
  readonly authorization: string;
  /** An event; what is given replaces what is drawn. */
  event(type: string, fields?: Readonly<Record<string, unknown>>): SentNotice;
}

export function fakeRevenueCat(
  options: { readonly authorization?: string; readonly nowMs?: () => number } = {},
): FakeRevenueCat {
  const { nowMs = Date.now } = options;
  const authorization = options.authorization ?? `Bearer ${randomBytes(20).toString('hex')}`;
  return {
    authorization,
    event(type, fields = {}) {
      const transaction = randomBytes(8).readBigUInt64BE().toString();
      const event = {
        id: randomBytes(16).toString('hex'),
        type,
        event_timestamp_ms: nowMs(),
        environment: 'PRODUCTION',
        store: 'APP_STORE',
        transaction_id: transaction,
        original_transaction_id: transaction,
        price: 4.99,
        currency: 'USD',
        ...fields,
      };
      return {
        type,
        headers: { authorization },
        body: JSON.stringify({ api_version: '1.0', event }),
      };
    },
  };
}
