// What purchases of products and of subscriptions at Google Play have in common: words of its answers, whose a purchase is,
// and that it waits to be confirmed.
import { decodeId } from '@sotto/contract';
import * as z from 'zod';
import type { Confirmation, Fact } from '../../port.ts';

export const word = z.string().min(1).max(180);
/** Stands in an address when it is confirmed. */
export const productName = z.string().regex(/^(?!\.{1,2}$)[\w.-]{1,180}$/);
/** What the app gave along with the purchase. */
export const accountId = z.string().max(200).nullish();

export const UNACKNOWLEDGED = 'ACKNOWLEDGEMENT_STATE_PENDING';

/** The workspace whose id an account is; null for any other. */
export const workspaceOf = (account: z.output<typeof accountId>): string | null =>
  account == null ? null : decodeId('wrk', account);

/** What is nobody's is not confirmed: the store gives the money back. */
export const unconfirmed = (workspaceId: string | null, all: readonly Confirmation[]): readonly Fact[] =>
  workspaceId === null ? [] : all.map((each) => ({ kind: 'unconfirmed', workspaceId, ...each }));
