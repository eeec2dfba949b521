// What a send is answered with, and what of it is kept under an idempotency key: only the facts made here (ids,
// price, segments, times), sealed. The rest comes from the repeated request itself, whose MAC proved it the same.
import { encodeId, formatMicros } from '@sotto/contract';
import type { ErrorCode } from '@sotto/contract/errors';
import type { AcceptedMessage } from '@sotto/contract/message';

/** The facts of one accepted message. */
export interface AcceptedFacts {
  readonly id: string;
  readonly scheduled: boolean;
  readonly from: string | null;
  readonly encoding: 'gsm7' | 'ucs2';
  readonly segments: number;
  readonly priceMicros: bigint;
  readonly currency: string;
  readonly createdAt: Date;
  /** A test message is delivered the moment it is stored. */
  readonly test: boolean;
}

export interface RefusedFacts {
  readonly code: ErrorCode;
  readonly field: string | null;
  readonly detail: string | null;
}

export type ItemFacts = AcceptedFacts | RefusedFacts;

export const isRefused = (facts: ItemFacts): facts is RefusedFacts => 'code' in facts;

/** The answer's body for one accepted message. `to` is as the request wrote it. */
export const acceptedAnswer = (facts: AcceptedFacts, to: string): AcceptedMessage => ({
  id: encodeId('msg', facts.id),
  status: facts.test ? 'delivered' : facts.scheduled ? 'scheduled' : 'accepted',
  to,
  from: facts.from,
  encoding: facts.encoding,
  segments: facts.segments,
  price: { amount: formatMicros(facts.priceMicros), currency: facts.currency },
  created_at: facts.createdAt.toISOString(),
});

type AcceptedRecord = [
  0,
  string,
  0 | 1,
  string | null,
  'gsm7' | 'ucs2',
  number,
  string,
  string,
  number,
  0 | 1,
];
type RefusedRecord = [1, string, string | null, string | null];

/** The facts as the text that is sealed and kept. */
export const writeFacts = (items: readonly ItemFacts[]): string =>
  JSON.stringify(
    items.map((item): AcceptedRecord | RefusedRecord =>
      isRefused(item)
        ? [1, item.code, item.field, item.detail]
        : [
            0,
            item.id,
            item.scheduled ? 1 : 0,
            item.from,
            item.encoding,
            item.segments,
            item.priceMicros.toString(),
            item.currency,
            item.createdAt.getTime(),
            item.test ? 1 : 0,
          ],
    ),
  );

/** Reads what `writeFacts` wrote. */
export const readFacts = (text: string): ItemFacts[] =>
  (JSON.parse(text) as (AcceptedRecord | RefusedRecord)[]).map((record) =>
    record[0] === 1
      ? { code: record[1] as ErrorCode, field: record[2], detail: record[3] }
      : {
          id: record[1],
          scheduled: record[2] === 1,
          from: record[3],
          encoding: record[4],
          segments: record[5],
          priceMicros: BigInt(record[6]),
          currency: record[7],
          createdAt: new Date(record[8]),
          test: record[9] === 1,
        },
  );
