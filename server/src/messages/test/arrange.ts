// Values that tests of messages are made of: prices, routes, requests, and how often random tests run.
import type { SendMessage } from '@sotto/contract/send-message';
import { newId } from '#platform/ids';
import type { MessageClass } from '../classes.ts';
import { type Price, type Route, Tariff } from '../tariff.ts';

export const CURRENCY = 'EUR';
/** What a segment costs in these tests, in micros. */
export const PER_PART = 7_500n;
/** Enough for every test that is not about money. */
export const PLENTY = 1_000_000_000n;

/** A watch over restrictions that never finds one. */
export const UNRESTRICTED = { demand: async () => undefined };

export const classes: readonly MessageClass[] = ['otp', 'transactional', 'marketing'];

/** SOTTO_SWEEP multiplies the runs of random tests; 1 keeps `npm test` quick. */
export const runs = (usual: number): number =>
  Math.max(1, Math.round(usual * Number(process.env.SOTTO_SWEEP ?? 1)));

export const priceOf = (prefix: string, change: Partial<Price> = {}): Price => ({
  id: newId(),
  prefix,
  class: null,
  currency: CURRENCY,
  perPartMicros: PER_PART,
  costPerPartMicros: null,
  ...change,
});

export const routeOf = (prefix: string, change: Partial<Route> = {}): Route => ({
  id: newId(),
  prefix,
  class: null,
  connectorId: newId(),
  rank: 0,
  weight: 1,
  sender: null,
  ...change,
});

/** One price everywhere, and routes over the connectors, ranked in their order. */
export const tariffOver = (connectorIds: readonly string[], change: Partial<Route> = {}): Tariff =>
  new Tariff(
    1n,
    [priceOf('')],
    connectorIds.map((connectorId, rank) => routeOf('', { connectorId, rank, ...change })),
  );

let numbers = 0;
/** A number of a range that is kept for drama and documentation; another one each time. */
export const aNumber = (): string => `+4915550${String(++numbers).padStart(6, '0')}`;

export const aRequest = (change: Partial<SendMessage> = {}): SendMessage => ({
  to: aNumber(),
  text: 'The door code for tonight is on the way.',
  class: 'transactional',
  ...change,
});

/** A text of so many GSM segments. */
export const textOfParts = (parts: number): string => (parts === 1 ? 'x' : 'x'.repeat(153 * (parts - 1) + 8));
