// Sending: the carrier role's loop. For each connector it claims ready parts while the connector has room, opens
// their content, and hands them over; outcomes go to outcomes.ts. The claim is committed before a byte is written
// and is never larger than the room, so that after a crash the parts whose fate is unknown are few and named.
//
// Woken by room at a connector, by acceptance in this process, by NOTIFY from others, and by polling behind it all.
import { type CarrierFleet, type Connector, type PartToSubmit, WAITING_PARTS } from '#carriers';
import { alignedNowMs, monotonicMs, pause } from '#platform/clock';
import type { Database } from '#platform/database';
import { failpoint, failpointsArmed } from '#platform/failpoints';
import { id, type Log } from '#platform/log';
import type { Keyring } from '#privacy';
import { CLASS_OF_LANE } from './classes.ts';
import { ContentCache } from './content-cache.ts';
import type { ClaimedPart, Handoff, Outbound } from './handoff.ts';
import { partIdOf } from './late.ts';
import { openContent } from './open-content.ts';
import { type Outcomes, startOutcomes } from './outcomes.ts';
import { partsOf } from './parts.ts';
import { type ClaimedRow, claim, readContent } from './sender.sql.ts';
import { startSenderLease } from './sender-lease.ts';
import type { Tariff } from './tariff.ts';

export interface Sending {
  readonly handoff: Handoff;
  readonly outcomes: Outcomes;
  /** Looks for work at these connectors now; all of them when none is named. */
  wake(connectorIds?: Iterable<string>): void;
  /** Forgets the content of messages that were cancelled or erased. */
  forget(messageIds: readonly string[]): void;
  /** Claims nothing more, waits for what is in flight to be stored (within the limit), ends the lease. */
  stop(limitMs: number): Promise<void>;
}

export interface SendingOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly fleet: CarrierFleet;
  readonly tariff: () => Tariff;
  readonly log: Log;
  /** Whether content is erased when its message ends; false when absent. */
  readonly untilFinal?: boolean;
  /** How long a sender may be silent before others take its claims over as ambiguous. */
  readonly leaseMs?: number;
  readonly pollMs?: number;
}

const LEASE_MS = 15_000;
const POLL_MS = 250;
const CLAIM_MAX = 500;
/** What a connector takes in this time may be claimed ahead, where that is more than its window. */
const AHEAD_MS = 100;

/** What one connector of this process is doing. */
interface Pump {
  /** Another object after its settings changed. */
  connector: Connector;
  /** Room promised to acceptance or to a claim under way. */
  reserved: number;
  /** Parts given to the connector without an outcome yet. */
  inFlight: number;
  /** Outcomes since `pacedAtMs`, and how many came in the stretch of time before. */
  taken: number;
  pace: number;
  pacedAtMs: number;
  /** There may be ready one-time codes, or other ready parts, in the queue: acceptance must not overtake them. */
  codesBehind: boolean;
  othersBehind: boolean;
  /** Grows when rows may have come: what an older claim did not see says nothing about them. */
  news: number;
  running: boolean;
  again: boolean;
}

export async function startSending(options: SendingOptions): Promise<Sending> {
  const { db, fleet, log } = options;
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const content = new ContentCache();
  const pumps = new Map<string, Pump>();
  let stopping = false;
  const timers = new AbortController();

  const outcomes = startOutcomes({
    db,
    tariff: options.tariff,
    log,
    untilFinal: options.untilFinal ?? false,
    onStored: wake,
  });

  const lease = await startSenderLease({
    db,
    log,
    leaseMs,
    settled: () => outcomes.settled(),
    onClaimable: () => wake(),
  });

  /** One pump a connector for as long as the process lives: what was promised or is in flight stays counted. */
  function pumpOf(connectorId: string): Pump | undefined {
    const connector = fleet.connector(connectorId);
    if (!connector) return undefined;
    const known = pumps.get(connectorId);
    if (known?.connector === connector) return known;
    const pump: Pump = known ?? {
      connector,
      reserved: 0,
      inFlight: 0,
      taken: 0,
      pace: 0,
      pacedAtMs: monotonicMs(),
      codesBehind: true,
      othersBehind: true,
      news: 0,
      running: false,
      again: false,
    };
    pumps.set(connectorId, pump);
    pump.connector = connector;
    pump.codesBehind = true;
    pump.othersBehind = true;
    connector.onCapacity(() => {
      if (pump.codesBehind || pump.othersBehind) kick(pump);
    });
    return pump;
  }

  const room = (pump: Pump, lane: 'otp' | 'transactional' | 'marketing') =>
    pump.connector.capacity(lane) - pump.reserved;

  /** Counts an outcome; the pace is what the carrier took in the last whole tenth of a second. */
  function count(pump: Pump): void {
    const elapsedMs = monotonicMs() - pump.pacedAtMs;
    if (elapsedMs >= AHEAD_MS) {
      pump.pace = Math.round((pump.taken * AHEAD_MS) / elapsedMs);
      pump.taken = 0;
      pump.pacedAtMs += elapsedMs;
    }
    pump.taken += 1;
  }

  /** How far ahead of the carrier's window parts are claimed: another window, or what it takes in a tenth of a second. */
  const ahead = (pump: Pump) => Math.max(pump.connector.health.windowMax, Math.min(pump.pace, WAITING_PARTS));

  /**
   * Room for what may wait a little, so that an answer is followed by the next part without a round trip to the
   * database. One-time codes are never claimed ahead: a crash would leave them unknown.
   */
  function roomAhead(pump: Pump): number {
    const direct = room(pump, 'transactional');
    const { state, windowMax } = pump.connector.health;
    if (state !== 'bound') return direct;
    return Math.max(direct, windowMax + ahead(pump) - pump.inFlight - pump.reserved);
  }

  function kick(pump: Pump): void {
    if (pump.running) {
      pump.again = true;
      return;
    }
    pump.running = true;
    void drain(pump).finally(() => {
      pump.running = false;
      // Somebody asked between the last look and here.
      if (pump.again) kick(pump);
    });
  }

  async function drain(pump: Pump): Promise<void> {
    do {
      pump.again = false;
      const { token } = lease;
      if (stopping || token === null) return;
      const codes = pump.codesBehind ? Math.max(0, Math.min(room(pump, 'otp'), CLAIM_MAX)) : 0;
      const others = pump.othersBehind ? Math.max(0, Math.min(roomAhead(pump), CLAIM_MAX)) : 0;
      const wanted = Math.max(codes, others);
      if (wanted === 0) return;
      pump.reserved += wanted;
      lease.take(token, wanted);
      let parts: ClaimedPart[] = [];
      const { news } = pump;
      try {
        const rows = await claimRows(token, pump.connector.id, codes, others);
        // A lane that was asked for and gave less than it might has nothing ready any more.
        const told = pump.news === news;
        if (told && codes > 0) pump.codesBehind = rows.filter((row) => row.lane === 0).length >= codes;
        if (told && others > 0) pump.othersBehind = rows.length >= others;
        if (failpointsArmed() && rows.length > 0) await failpoint('send.claimed');
        parts = await open(token, pump.connector.id, rows);
      } catch (error) {
        // Rows may be claimed and are not submitted: the lease gives them back, for nothing of them was written.
        log.error('messages.claim_failed', { connectorId: id(pump.connector.id), error });
        lease.doubt(token);
        return;
      } finally {
        pump.reserved -= wanted;
        submit(pump, parts);
        lease.drop(token, wanted);
      }
      if (pump.codesBehind || pump.othersBehind) pump.again = true;
    } while (pump.again);
  }

  async function claimRows(
    by: string,
    connectorId: string,
    codes: number,
    others: number,
  ): Promise<ClaimedRow[]> {
    const tx = await db.begin();
    try {
      const [rows] = await Promise.all([claim(tx, by, connectorId, codes, others), tx.commit()]);
      return rows;
    } catch (error) {
      await tx.rollback();
      throw error;
    }
  }

  /** Finds the content of claimed rows, in memory or in the database; what cannot be sent is closed here. */
  async function open(by: string, connectorId: string, rows: readonly ClaimedRow[]): Promise<ClaimedPart[]> {
    const missing = [
      ...new Set(rows.flatMap((row) => (content.get(row.message_id) ? [] : [row.message_id]))),
    ];
    const read =
      missing.length === 0
        ? new Map<string, Outbound | null>()
        : await openContent(options.keyring, await db.batch((tx) => readContent(tx, missing)));
    const parts: ClaimedPart[] = [];
    for (const row of rows) {
      const outbound = content.get(row.message_id) ?? read.get(row.message_id) ?? null;
      const part: ClaimedPart = {
        outbound: outbound ?? nothingLeft(row),
        sequence: row.sequence,
        lane: row.lane as 0 | 1 | 2,
        token: by,
        epoch: row.epoch,
        connectorId,
        attempts: row.attempts,
        resent: row.resent,
        tried: row.tried ?? [],
        validUntil: row.valid_until,
      };
      if (row.expired) outcomes.closed(part, 'expired', 'validity_passed');
      else if (outbound === null) outcomes.closed(part, 'cancelled', null);
      else parts.push(part);
    }
    return parts;
  }

  function submit(pump: Pump, parts: readonly ClaimedPart[]): void {
    if (parts.length === 0) return;
    const byId = new Map<string, ClaimedPart>();
    const submissions: PartToSubmit[] = parts.map((part) => {
      const { outbound, sequence, lane } = part;
      const partId = partIdOf(outbound.messageId, sequence);
      byId.set(partId, part);
      const slice = partsOf(outbound, pump.connector.traits)[sequence - 1]!;
      return {
        id: partId,
        lane: CLASS_OF_LANE[lane]!,
        to: outbound.to,
        from: outbound.sender,
        text: slice.text,
        encoding: outbound.encoding,
        concat: slice.concat,
        validitySeconds: secondsUntil(part.validUntil),
      };
    });
    pump.inFlight += submissions.length;
    for (const part of parts) lease.take(part.token, 1);
    pump.connector.submit(submissions, (submission, outcome) => {
      const part = byId.get(submission.id)!;
      pump.inFlight -= 1;
      count(pump);
      // The next ones are fetched when half of what is ahead is gone: fewer and larger claims.
      if (pump.othersBehind && pump.inFlight <= pump.connector.health.windowMax + ahead(pump) / 2) kick(pump);
      if (part.sequence === part.outbound.segments) content.forget(part.outbound.messageId);
      outcomes.submitted(part, outcome);
      lease.drop(part.token, 1);
    });
  }

  function wake(connectorIds: Iterable<string> = fleet.connectors().map((connector) => connector.id)): void {
    for (const connectorId of connectorIds) {
      const pump = pumpOf(connectorId);
      if (!pump) continue;
      pump.news += 1;
      pump.codesBehind = true;
      pump.othersBehind = true;
      kick(pump);
    }
  }

  const handoff: Handoff = {
    reserve(connectorId, lane, parts) {
      const pump = pumpOf(connectorId);
      const { token } = lease;
      if (!pump || stopping || token === null) return null;
      if (lane === 0 ? pump.codesBehind : pump.othersBehind) return null;
      if ((lane === 0 ? room(pump, 'otp') : roomAhead(pump)) < parts) return null;
      pump.reserved += parts;
      lease.take(token, parts);
      return token;
    },
    deliver(connectorId, parts) {
      const pump = pumps.get(connectorId)!;
      pump.reserved -= parts.length;
      submit(pump, parts);
      for (const part of parts) lease.drop(part.token, 1);
    },
    cancel(connectorId, token, parts, inDoubt) {
      pumps.get(connectorId)!.reserved -= parts;
      if (inDoubt) lease.doubt(token);
      lease.drop(token, parts);
    },
    queued(connectorId, outbound) {
      for (const one of outbound) content.put(one);
      wake([connectorId]);
    },
  };

  async function every(ms: number, work: () => Promise<void> | void): Promise<void> {
    while (!timers.signal.aborted) {
      await pause(ms, timers.signal).catch(() => undefined);
      if (timers.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        log.error('messages.sender_tick_failed', { error });
      }
    }
  }

  void every(Math.floor(leaseMs / 5), async () => {
    content.sweep();
    await lease.beat();
  });
  void every(options.pollMs ?? POLL_MS, () => wake());
  wake();

  return {
    handoff,
    outcomes,
    wake,
    forget(messageIds) {
      for (const messageId of messageIds) content.forget(messageId);
    },
    async stop(limitMs) {
      stopping = true;
      timers.abort();
      const limit = AbortSignal.timeout(Math.max(0, Math.ceil(limitMs)));
      while ([...pumps.values()].some((pump) => pump.inFlight > 0 || pump.running) && !limit.aborted) {
        await pause(10);
      }
      await outcomes.settled();
      await lease.end();
    },
  };
}

/** What is left of a validity, as carriers count it; at least a second, for the claim saw to it that some is left. */
const secondsUntil = (until: Date) => Math.max(1, Math.round((until.getTime() - alignedNowMs()) / 1000));

/** A claimed row whose message is gone or erased: enough of it to close the claim. */
const nothingLeft = (row: ClaimedRow): Outbound => ({
  messageId: row.message_id,
  workspaceId: row.workspace_id,
  to: '',
  text: '',
  sender: null,
  encoding: 'gsm7',
  segments: 1,
  pricePerPartMicros: 0n,
});
