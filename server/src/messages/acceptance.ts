// Accepting messages: requests that arrive together share one transaction, in which each is decided alone.
//
//   prepare (no database) ─► seal ─► lane ─► flush: lock wallets, look keys up │ decide │ write, commit ─► answer
//
// Two round trips a flush. Single requests and batches have lanes of their own, so that a one-time code never
// waits behind somebody's ten thousand messages in this process. Nothing is answered before the commit is durable.
import { randomInt } from 'node:crypto';
import type { SendMessage } from '@sotto/contract/send-message';
import { alignedNowMs, pause } from '#platform/clock';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { idTimeMs, newId } from '#platform/ids';
import { createLane, type Lane } from '#platform/lane';
import { type KeyId, type Keyring, type UtcDay, utcDay } from '#privacy';
import type { RestrictionWatch } from '#privacy/processing';
import { type AcceptedFacts, type ItemFacts, isRefused, type RefusedFacts } from './answers.ts';
import { BY_DAY, type OutboundContentMode } from './content-mode.ts';
import type { UnitKey } from './decide.ts';
import { type Entry, type SealedMessage, tryFlush } from './flush.ts';
import type { Handoff } from './handoff.ts';
import { KEPT_FOR_EVER, type MessageKeeping, scheduleBounds } from './keeping.ts';
import { type ItemRefusal, isRefusal, type Prepared, prepare, type Submitter } from './preparation.ts';
import { createSenders } from './senders.ts';
import type { Tariff } from './tariff.ts';
import { createUnwantedCheck } from './unwanted.ts';

/** An Idempotency-Key and its request, as MACs made by the caller. */
export type RequestKey = UnitKey;

export interface Acceptance {
  /** Accepts one message. Throws AppError for a refusal; resolves after the commit. */
  acceptOne(submitter: Submitter, request: SendMessage, key: RequestKey | null): Promise<AcceptedFacts>;
  /**
   * Accepts many, each decided alone, answers in order. `items` are requests that passed the contract or the
   * refusal of those that did not. `keyOf(chunk)` gives the key of each chunk of `BATCH_CHUNK` items.
   */
  acceptMany(
    submitter: Submitter,
    items: readonly (SendMessage | ItemRefusal)[],
    keyOf: ((chunk: number) => RequestKey) | null,
  ): Promise<ItemFacts[]>;
  /** Requests that wait or are being written. */
  depth(): number;
  /** Resolves when everything taken so far is answered. */
  drain(): Promise<void>;
}

export interface AcceptanceOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly tariff: () => Tariff;
  /** Throws `restricted` for a workspace that nothing may be sent for (GDPR Art. 18). */
  readonly restrictions: Pick<RestrictionWatch, 'demand'>;
  readonly handoff: Handoff;
  /** How long content is kept; by the day when absent. */
  readonly contentMode?: OutboundContentMode;
  /** Whether some number may be sent nothing at all; then every flush asks, not only one that holds marketing. */
  readonly suppressesAll?: () => boolean;
  /** Whether the policy rests marketing on consent: then its recipients must have given one. Not asked when absent. */
  readonly marketingNeedsConsent?: boolean;
  /** How long what is accepted may be kept; for ever when left out. */
  readonly keeping?: MessageKeeping;
  /** Told after commits that left unclaimed rows in the queue, so that other processes may be woken. */
  readonly onQueued?: (connectorIds: ReadonlySet<string>) => void;
}

/** Items of a batch that share a transaction: long enough to be cheap, short enough that locks last milliseconds. */
export const BATCH_CHUNK = 500;
const SINGLES_PER_FLUSH = 500;
/** About what a client on the same machine needs to read an answer and send its next request. */
const GATHER_MS = 3;
const SEALED_PER_TURN = 100;
/** Tries of a flush whose database went away, and the wait before each. */
const FLUSH_RETRIES_MS = [50, 200, 500, 1000, 2000];

export function startAcceptance(options: AcceptanceOptions): Acceptance {
  const { keyring, contentMode = BY_DAY } = options;
  const bounds = scheduleBounds(options.keeping ?? KEPT_FOR_EVER);
  const senders = createSenders(options.db);
  const findUnwanted = createUnwantedCheck(keyring, options.marketingNeedsConsent ?? false);
  const weigh = (entry: Entry) => entry.items.length;
  const singles = createLane<Entry>(flush, { weightMax: SINGLES_PER_FLUSH, weigh, gatherMs: GATHER_MS });
  const batches = createLane<Entry>(flush, { weightMax: BATCH_CHUNK, weigh });

  async function checked(
    request: SendMessage,
    submitter: Submitter,
    tariff: Tariff,
    now: number,
  ): Promise<Prepared | ItemRefusal> {
    if (request.from !== undefined && !(await senders.mayUse(submitter.workspaceId, request.from))) {
      return { code: 'invalid_sender', field: 'from', detail: 'The number is not one of this workspace.' };
    }
    return prepare(request, submitter, tariff, now, draw(), bounds, contentMode);
  }

  async function seal(submitter: Submitter, items: readonly (Prepared | ItemRefusal)[]) {
    const { workspaceId } = submitter;
    const ids = items.map(() => newId());
    // A batch may straddle midnight: each id names the day of its own key.
    const days = [...new Set(ids.map((id) => utcDay(idTimeMs(id))))];
    const refs = days.map((day) => ({ class: 'content_outbound', workspaceId, day }) as const);
    await keyring.ensure([...refs, keyring.indexRef(workspaceId)]);
    const keyIds = new Map(refs.map((ref) => [ref.day, keyring.keyId(ref)]));
    const sealed: (SealedMessage | ItemRefusal)[] = [];
    for (const [at, item] of items.entries()) {
      // Sealing is the longest work on a message: in slices, so that the event loop serves the others in between.
      if (at > 0 && at % SEALED_PER_TURN === 0) await new Promise((next) => setImmediate(next));
      sealed.push(isRefusal(item) ? item : sealOne(submitter, item, ids[at]!, keyIds));
    }
    return sealed;
  }

  function sealOne(
    submitter: Submitter,
    item: Prepared,
    id: string,
    keyIds: ReadonlyMap<UtcDay, KeyId>,
  ): SealedMessage {
    const { workspaceId } = submitter;
    const place = { rowId: id, ownerId: workspaceId, keyId: keyIds.get(utcDay(idTimeMs(id)))! };
    return {
      id,
      prepared: item,
      row: {
        id,
        workspaceId,
        class: item.class,
        recipient: keyring.seal({ ...place, column: 'messages.message.recipient' }, item.to),
        recipientIndex: keyring.index('messages.message.recipient_index', workspaceId, item.to),
        body: keyring.seal({ ...place, column: 'messages.message.body' }, item.text),
        annotations:
          item.annotations === null
            ? null
            : keyring.seal({ ...place, column: 'messages.message.annotations' }, item.annotations),
        sender: item.from ?? item.routeSender,
        encoding: item.segmentation.encoding as 'gsm7' | 'ucs2',
        segments: item.segmentation.parts.length,
        pricePerPartMicros: item.pricePerPartMicros,
        currency: submitter.currency,
        test: submitter.test,
        scheduledAt: item.scheduledAt,
      },
    };
  }

  /** Resolves after the commit that holds what was decided of these items. */
  const accept = (lane: Lane<Entry>, entry: Omit<Entry, 'settle' | 'fail'>): Promise<readonly ItemFacts[]> =>
    new Promise((settle, fail) => lane.push({ ...entry, settle, fail }));

  /** Runs a flush until its outcome is known. After a lost commit the stored ids tell what happened. */
  async function flush(entries: Entry[]): Promise<void> {
    let mayBeStored = false;
    for (let attempt = 0; ; attempt++) {
      try {
        await tryFlush(options, findUnwanted, entries, mayBeStored);
        return;
      } catch (error) {
        if (isDataError(error) && entries.length > 1) {
          // One row the database refuses must fail alone: halve until it stands alone.
          const middle = entries.length >> 1;
          await flush(entries.slice(0, middle));
          await flush(entries.slice(middle));
          return;
        }
        const retryable = error instanceof AppError && error.code === 'unavailable';
        const wait = FLUSH_RETRIES_MS[attempt];
        if (!retryable || wait === undefined) {
          for (const entry of entries) entry.fail(error);
          return;
        }
        mayBeStored = true;
        await pause(wait);
      }
    }
  }

  return {
    async acceptOne(submitter, request, key) {
      await options.restrictions.demand(submitter.workspaceId);
      const prepared = await checked(request, submitter, options.tariff(), alignedNowMs());
      if (isRefusal(prepared)) throw asError(prepared);
      const items = await seal(submitter, [prepared]);
      const [facts] = await accept(singles, { submitter, key, items, keepsRefusals: false });
      if (isRefused(facts!)) throw asError(facts);
      return facts!;
    },
    async acceptMany(submitter, items, keyOf) {
      await options.restrictions.demand(submitter.workspaceId);
      const tariff = options.tariff();
      const now = alignedNowMs();
      const facts: ItemFacts[] = [];
      let flushing: Promise<readonly ItemFacts[]> = Promise.resolve([]);
      for (let at = 0, chunk = 0; at < items.length; at += BATCH_CHUNK, chunk++) {
        const prepared: (Prepared | ItemRefusal)[] = [];
        for (const item of items.slice(at, at + BATCH_CHUNK)) {
          if ('code' in item) prepared.push(item);
          else if (item.from === undefined)
            prepared.push(prepare(item, submitter, tariff, now, draw(), bounds, contentMode));
          else prepared.push(await checked(item, submitter, tariff, now));
        }
        // Sealed while the chunk before is written, and written only when that one is: a key that was used for
        // another request refuses at the first chunk, before any other is stored.
        const sealed = await seal(submitter, prepared);
        facts.push(...(await flushing));
        const key = keyOf === null ? null : keyOf(chunk);
        flushing = accept(batches, { submitter, key, items: sealed, keepsRefusals: true });
        // It is awaited after the next chunk's sealing; until then a failure has to have a listener.
        flushing.catch(() => undefined);
      }
      facts.push(...(await flushing));
      return facts;
    },
    depth: () => singles.depth + batches.depth,
    async drain() {
      await Promise.all([singles.flushed(), batches.flushed()]);
    },
  };
}

const DRAW_STEPS = 1 << 16;
const draw = () => randomInt(DRAW_STEPS) / DRAW_STEPS;

/** SQLSTATE classes 22 (data exception) and 23 (constraint): the rows are at fault, not the database. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^2[23][0-9A-Z]{3}$/.test(code);
}

const asError = (refusal: ItemRefusal | RefusedFacts) =>
  new AppError(refusal.code, {
    ...(refusal.field == null ? {} : { field: refusal.field }),
    ...(refusal.detail == null ? {} : { detail: refusal.detail }),
  });
