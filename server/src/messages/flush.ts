// One flush of acceptance: lock and look, decide, write, commit, answer. See acceptance.ts for the whole path.
import { lockWallets, type NewHold, openPurse, placeHolds } from '#ledger';
import type { OpenTx } from '#platform/database';
import { AppError } from '#platform/errors';
import { failpoint, failpointsArmed } from '#platform/failpoints';
import { lookUp, remember } from '#platform/idempotency';
import { idTimeMs, newId } from '#platform/ids';
import { emit } from '#platform/outbox';
import { type Keyring, utcDay } from '#privacy';
import {
  databaseNow,
  findStored,
  insertMessages,
  insertQueue,
  type NewMessage,
  type NewQueueRow,
} from './accept.sql.ts';
import type { AcceptanceOptions } from './acceptance.ts';
import { type AcceptedFacts, type ItemFacts, readFacts, writeFacts } from './answers.ts';
import { HOLD_LASTS_MS, LANES } from './classes.ts';
import { BY_DAY, eraseByOf, type OutboundContentMode } from './content-mode.ts';
import { decide, keyName, type Remembered, type UnitDecision, type UnitKey } from './decide.ts';
import { messagesAccepted } from './events.ts';
import type { ClaimedPart, Handoff, Outbound } from './handoff.ts';
import type { ItemRefusal, Prepared, Submitter } from './preparation.ts';
import { type FindUnwanted, withRefusals } from './unwanted.ts';

/** A message with everything a flush writes of it, but for the times that the flush decides. */
export interface SealedMessage {
  readonly id: string;
  readonly prepared: Prepared;
  readonly row: Omit<NewMessage, 'createdAt' | 'validUntil' | 'eraseBy'>;
}

/** What one idempotency key covers, waiting in a lane. */
export interface Entry {
  readonly submitter: Submitter;
  readonly key: UnitKey | null;
  readonly items: readonly (SealedMessage | ItemRefusal)[];
  readonly keepsRefusals: boolean;
  readonly settle: (facts: readonly ItemFacts[]) => void;
  readonly fail: (error: unknown) => void;
}

const isRefusedItem = (item: SealedMessage | ItemRefusal): item is ItemRefusal => 'code' in item;

/**
 * Tries to accept the entries and settles them all; throws when nothing is certain yet. `mayBeStored`: an earlier
 * try may have committed, so ids found in the database count as accepted.
 */
export async function tryFlush(
  options: AcceptanceOptions,
  findUnwanted: FindUnwanted,
  given: readonly Entry[],
  mayBeStored: boolean,
): Promise<void> {
  const tx = await options.db.begin();
  const writing = new Writing(options.handoff, options.contentMode ?? BY_DAY);
  let entries = given;
  let answers: ReadonlyMap<Entry, Answered>;
  try {
    const workspaces = [...new Set(given.map((entry) => entry.submitter.workspaceId))];
    const keyed = given.filter((entry) => entry.key !== null);
    const [wallets, stored, now, present, unwanted] = await Promise.all([
      lockWallets(tx, workspaces),
      keyed.length === 0
        ? []
        : lookUp(
            tx,
            keyed.map((entry) => ({ scope: entry.submitter.workspaceId, keyMac: entry.key!.keyMac })),
          ),
      databaseNow(tx),
      mayBeStored ? findStored(tx, idsOf(given)) : NOTHING_STORED,
      findUnwanted(tx, given, options.suppressesAll?.() ?? false),
    ]);
    entries = withRefusals(given, unwanted, present);
    const known = new Map<string, Remembered>(stored.map((row) => [keyName(row.scope, row.keyMac), row]));
    const undecided = entries.filter((entry) => entry.key !== null || !isStored(entry, present));
    const decisions = decide(
      undecided.map((entry) => ({
        workspaceId: entry.submitter.workspaceId,
        key: entry.key,
        costs: entry.items.map((item) => (isRefusedItem(item) ? 0n : item.prepared.costMicros)),
        keepsRefusals: entry.keepsRefusals,
      })),
      openPurse(wallets),
      known,
    );
    answers = await answersOf(options.keyring, entries, undecided, decisions, present, now);
    await writing.collect(options.keyring, undecided, decisions, answers, now);
    await writing.commit(tx);
  } catch (error) {
    writing.cancel(error instanceof AppError && error.code === 'unavailable');
    await tx.rollback();
    throw error;
  }
  if (failpointsArmed()) await failpoint('submit.post_commit');
  writing.deliver(options);
  for (const entry of entries) {
    const answer = answers.get(entry)!;
    if (answer instanceof AppError) entry.fail(answer);
    else entry.settle(answer);
  }
}

type Answered = readonly ItemFacts[] | AppError;

const NOTHING_STORED: ReadonlySet<string> = new Set();

const idsOf = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => entry.items.flatMap((item) => (isRefusedItem(item) ? [] : [item.id])));

const isStored = (entry: Entry, present: ReadonlySet<string>) =>
  present.size > 0 && entry.items.some((item) => !isRefusedItem(item) && present.has(item.id));

const INSUFFICIENT: ItemFacts = { code: 'insufficient_funds', field: null, detail: null };

const factsOf = (item: SealedMessage | ItemRefusal, accepted: boolean, now: Date): ItemFacts => {
  if (isRefusedItem(item)) return { code: item.code, field: item.field, detail: item.detail ?? null };
  if (!accepted) return INSUFFICIENT;
  const { prepared, row } = item;
  return {
    id: item.id,
    scheduled: prepared.scheduledAt !== null && prepared.scheduledAt > now,
    from: row.sender,
    encoding: row.encoding,
    segments: row.segments,
    priceMicros: prepared.costMicros,
    currency: row.currency,
    createdAt: now,
    test: row.test,
  } satisfies AcceptedFacts;
};

/** What each entry will be answered once the commit is durable. */
async function answersOf(
  keyring: Keyring,
  entries: readonly Entry[],
  undecided: readonly Entry[],
  decisions: readonly UnitDecision[],
  present: ReadonlySet<string>,
  now: Date,
): Promise<ReadonlyMap<Entry, Answered>> {
  const byEntry = new Map<Entry, Answered>();
  for (const [at, entry] of undecided.entries()) {
    const decision = decisions[at]!;
    switch (decision.kind) {
      case 'decided':
        byEntry.set(
          entry,
          entry.items.map((item, n) => factsOf(item, decision.fromBonus[n] !== null, now)),
        );
        break;
      case 'replayed':
        byEntry.set(entry, await replay(keyring, entry.submitter.workspaceId, decision.of));
        break;
      case 'same_as':
        byEntry.set(entry, byEntry.get(undecided[decision.index]!)!);
        break;
      case 'conflict':
        byEntry.set(entry, new AppError('idempotency_mismatch'));
        break;
    }
  }
  for (const entry of entries) {
    if (byEntry.has(entry)) continue;
    byEntry.set(
      entry,
      entry.items.map((item) => factsOf(item, isRefusedItem(item) || present.has(item.id), now)),
    );
  }
  return byEntry;
}

const answerPlace = (workspaceId: string, id: string, keyring: Keyring) => ({
  column: 'platform.idempotency.answer' as const,
  rowId: id,
  ownerId: workspaceId,
  keyId: keyring.keyId({ class: 'content_outbound', workspaceId, day: utcDay(idTimeMs(id)) }),
});

async function replay(keyring: Keyring, workspaceId: string, stored: Remembered): Promise<Answered> {
  if (stored.answer === null) return new AppError('idempotency_undecided', { retryable: true });
  const place = answerPlace(workspaceId, stored.id, keyring);
  await keyring.load([place.keyId]);
  const opened = keyring.open(place, stored.answer);
  if (opened.state === 'shredded') {
    return new AppError('conflict', { detail: 'The answer to this Idempotency-Key has been erased.' });
  }
  return readFacts(opened.plaintext.toString());
}

interface IdempotencyRow {
  readonly id: string;
  readonly scope: string;
  readonly keyMac: Buffer;
  readonly requestMac: Buffer;
  readonly status: number;
  readonly answer: Buffer;
}

/** Everything one flush writes, and the room it reserved at connectors for what it claims on the way. */
class Writing {
  readonly #handoff: Handoff;
  readonly #contentMode: OutboundContentMode;
  readonly #messages: NewMessage[] = [];
  readonly #queue: NewQueueRow[] = [];
  readonly #holds: NewHold[] = [];
  readonly #remembered: IdempotencyRow[] = [];
  readonly #claimed = new Map<string, ClaimedPart[]>();
  readonly #queued = new Map<string, Outbound[]>();

  constructor(handoff: Handoff, contentMode: OutboundContentMode) {
    this.#handoff = handoff;
    this.#contentMode = contentMode;
  }

  async collect(
    keyring: Keyring,
    entries: readonly Entry[],
    decisions: readonly UnitDecision[],
    answers: ReadonlyMap<Entry, Answered>,
    now: Date,
  ): Promise<void> {
    for (const [at, entry] of entries.entries()) {
      const decision = decisions[at]!;
      if (decision.kind !== 'decided') continue;
      for (const [n, item] of entry.items.entries()) {
        const fromBonusMicros = decision.fromBonus[n]!;
        if (!isRefusedItem(item) && fromBonusMicros !== null) this.#add(item, fromBonusMicros, now);
      }
      // A single request that was refused is decided anew: its recipient may have opted in meanwhile.
      const isWorthKeeping = entry.keepsRefusals || !entry.items.every(isRefusedItem);
      if (decision.keep && isWorthKeeping)
        await this.#keep(keyring, entry, answers.get(entry) as readonly ItemFacts[]);
    }
  }

  #add(item: SealedMessage, fromBonusMicros: bigint, now: Date): void {
    const { prepared, row } = item;
    const dueAt = prepared.scheduledAt ?? now;
    const eraseBy = eraseByOf(this.#contentMode, now);
    const wanted = new Date(dueAt.getTime() + prepared.validitySeconds * 1000);
    // What cannot be kept any longer cannot be sent any more.
    const validUntil = eraseBy !== null && eraseBy < wanted ? eraseBy : wanted;
    this.#messages.push({ ...row, createdAt: now, validUntil, eraseBy });
    if (row.test) return;
    this.#holds.push({
      id: item.id,
      workspaceId: row.workspaceId,
      amountMicros: prepared.costMicros,
      fromBonusMicros,
      expiresAt: new Date(validUntil.getTime() + HOLD_LASTS_MS),
    });
    this.#submit(item, dueAt, validUntil, now);
  }

  #submit(item: SealedMessage, dueAt: Date, validUntil: Date, now: Date): void {
    const { prepared, row } = item;
    const connectorId = prepared.connectorId!;
    const lane = LANES[row.class];
    const token = dueAt <= now ? this.#handoff.reserve(connectorId, lane, row.segments) : null;
    const outbound: Outbound = {
      messageId: item.id,
      workspaceId: row.workspaceId,
      to: prepared.to,
      text: prepared.text,
      sender: row.sender,
      encoding: row.encoding,
      segments: row.segments,
      pricePerPartMicros: prepared.pricePerPartMicros,
    };
    for (let sequence = 1; sequence <= row.segments; sequence++) {
      this.#queue.push({
        messageId: item.id,
        sequence,
        workspaceId: row.workspaceId,
        lane,
        connectorId,
        dueAt,
        validUntil,
        senderToken: token,
      });
      if (token === null) continue;
      append(this.#claimed, connectorId, {
        outbound,
        sequence,
        lane,
        token,
        epoch: 1,
        connectorId,
        attempts: 0,
        resent: false,
        tried: [],
        validUntil,
      });
    }
    if (token === null && dueAt <= now) append(this.#queued, connectorId, outbound);
  }

  async #keep(keyring: Keyring, entry: Entry, facts: readonly ItemFacts[]): Promise<void> {
    const { workspaceId } = entry.submitter;
    const id = newId();
    await keyring.ensure([{ class: 'content_outbound', workspaceId, day: utcDay(idTimeMs(id)) }]);
    this.#remembered.push({
      id,
      scope: workspaceId,
      keyMac: entry.key!.keyMac,
      requestMac: entry.key!.requestMac,
      status: 202,
      answer: keyring.seal(answerPlace(workspaceId, id, keyring), writeFacts(facts)),
    });
  }

  /** Sends every write and the commit in one round trip. */
  async commit(tx: OpenTx): Promise<void> {
    const writes: Promise<unknown>[] = [];
    if (this.#messages.length > 0) {
      writes.push(
        insertMessages(tx, this.#messages),
        emit(tx, messagesAccepted, { message_ids: this.#messages.map((m) => m.id) }),
      );
    }
    if (this.#holds.length > 0) writes.push(placeHolds(tx, this.#holds));
    if (this.#queue.length > 0) writes.push(insertQueue(tx, this.#queue));
    if (this.#remembered.length > 0) writes.push(remember(tx, this.#remembered));
    if (failpointsArmed()) {
      await Promise.all(writes);
      await failpoint('submit.pre_commit');
    }
    await tx.commit(writes);
  }

  deliver(options: AcceptanceOptions): void {
    for (const [connectorId, parts] of this.#claimed) this.#handoff.deliver(connectorId, parts);
    for (const [connectorId, outbound] of this.#queued) this.#handoff.queued(connectorId, outbound);
    if (this.#queued.size > 0) options.onQueued?.(new Set(this.#queued.keys()));
  }

  /** Gives the room back. `inDoubt`: the commit may have happened, and claimed what was collected. */
  cancel(inDoubt: boolean): void {
    for (const [connectorId, parts] of this.#claimed) {
      for (const [token, own] of Map.groupBy(parts, (part) => part.token)) {
        this.#handoff.cancel(connectorId, token, own.length, inDoubt);
      }
    }
    this.#claimed.clear();
  }
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const at = map.get(key);
  if (at) at.push(value);
  else map.set(key, [value]);
}
