// Our id of a payment as it goes along with an order at a provider, and comes back in notices.
import { decodeId, encodeId } from '@sotto/contract';

export const encodedPaymentId = (paymentId: string): string => encodeId('top', paymentId);

/** Null for what is none of ours. */
export const decodedPaymentId = (text: string | null | undefined): string | null =>
  text == null ? null : decodeId('top', text);
