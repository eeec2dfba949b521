// BTCPay Server's webhooks (Greenfield API). A delivery says which invoice moved and little about money, so whatever could
// credit is read again at the server; the signature is an HMAC over the octets.
import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { SignedBody } from '#platform/route';
import type { NoticeReading } from '../../port.ts';

/** A delivery older than its last repetition (10 s, 1 min, six times 10 min) is a copy somebody kept. */
export const DELIVERY_AGE_SECONDS_MAX = 7_200;

const word = z.string().min(1).max(100);
const delivery = z.object({
  deliveryId: word,
  originalDeliveryId: word.nullish(),
  type: word,
  timestamp: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  storeId: word,
  invoiceId: word.nullish(),
});

export interface DeliverySettings {
  readonly webhookSecret: string;
  readonly storeId: string;
}

/** Types after which the invoice is read again. */
const MOVING: ReadonlySet<string> = new Set([
  'InvoiceReceivedPayment',
  'InvoicePaymentSettled',
  'InvoiceProcessing',
  'InvoiceExpired',
  'InvoiceSettled',
  'InvoiceInvalid',
]);

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/** Reads a delivery. Never throws for what it holds. */
export function readDelivery(settings: DeliverySettings, signed: SignedBody, nowMs: number): NoticeReading {
  const given = SIGNATURE.exec(signed.headers['btcpay-sig'] ?? '')?.[1];
  const expected = createHmac('sha256', settings.webhookSecret).update(signed.octets).digest();
  if (given === undefined || !timingSafeEqual(Buffer.from(given, 'hex'), expected)) {
    return { outcome: 'refused', fault: 'signature' };
  }
  const parsed = delivery.safeParse(parseJson(signed.octets));
  if (!parsed.success) return { outcome: 'refused', fault: 'malformed' };
  const { type, timestamp, storeId, invoiceId, deliveryId, originalDeliveryId } = parsed.data;
  if (storeId !== settings.storeId) return { outcome: 'refused', fault: 'environment' };
  if (Math.abs(nowMs / 1_000 - timestamp) > DELIVERY_AGE_SECONDS_MAX)
    return { outcome: 'refused', fault: 'stale' };
  return {
    outcome: 'read',
    noticeId: originalDeliveryId ?? deliveryId,
    provider: 'btcpay',
    facts: [],
    lookUp: invoiceId != null && MOVING.has(type) ? invoiceId : null,
  };
}

function parseJson(octets: Buffer): unknown {
  try {
    return JSON.parse(octets.toString('utf8'));
  } catch {
    return undefined;
  }
}
