// The name under which this process claims parts, and its lease in the database.
//
//   held ──(a claim's commit has no known outcome)──> in doubt ──(every part known to be claimed has its outcome
//     │                                                 stored)──> what is left under the name goes back, name ends
//     └──(lapsed: another process took the claims over)──> gone; a new name begins
//
// A COMMIT that was cut off may have claimed parts that nobody here knows of, and the heartbeat would keep them for
// ever. So the process goes on under a new name, and the old one is kept alive until only those parts are left: not
// an octet of them was written, and they go back into the queue as they came.
import { randomUUID } from 'node:crypto';
import { pause } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import { endSender, heartbeatSender, registerSender, releaseUnwritten } from './sender.sql.ts';

export interface SenderLease {
  /** What to claim under; null while there is no lease. */
  readonly token: string | null;
  /** Parts were claimed under the token, or may be in the transaction that follows. */
  take(token: string, parts: number): void;
  /** As many of them have their outcome handed over to be stored, or were certainly not claimed. */
  drop(token: string, parts: number): void;
  /** More may have been claimed under the token than anybody knows. Call it before dropping what was promised. */
  doubt(token: string): void;
  /** Extends the lease, or begins a new one. To be called several times within its length. */
  beat(): Promise<void>;
  /** Ends the names that hold nothing any more; the others lapse. */
  end(): Promise<void>;
}

export interface SenderLeaseOptions {
  readonly db: Database;
  readonly log: Log;
  readonly leaseMs: number;
  /** Resolves when every outcome handed over so far is stored. */
  readonly settled: () => Promise<void>;
  /** Told when it may be claimed again: under a new name, or what went back into the queue. */
  readonly onClaimable: () => void;
}

const RETRY_MS = 200;

/** Begins a lease; rejects when the database cannot be reached. */
export async function startSenderLease(options: SenderLeaseOptions): Promise<SenderLease> {
  const { db, log, leaseMs } = options;
  /** Parts that are known to be claimed, or may be by a transaction under way, for each name of this process. */
  const known = new Map<string, number>();
  const doubted = new Map<string, () => void>();
  const ended = new AbortController();
  let token: string | null = null;

  let registering: Promise<void> | null = null;
  let beating: Promise<void> = Promise.resolve();

  const register = (): Promise<void> =>
    (registering ??= begin().finally(() => {
      registering = null;
    }));

  async function begin(): Promise<void> {
    const fresh = randomUUID();
    await db.batch((tx) => registerSender(tx, fresh, leaseMs));
    known.set(fresh, 0);
    token = fresh;
  }

  /** Goes on under a new name. */
  const renew = () => register().then(options.onClaimable);

  function forget(name: string): void {
    known.delete(name);
    doubted.delete(name);
  }

  /** Waits until nothing known is left under a doubted name, then gives the rest back. */
  async function resolve(name: string): Promise<void> {
    for (;;) {
      while ((known.get(name) ?? 0) > 0) await new Promise<void>((empty) => doubted.set(name, empty));
      await options.settled();
      if (ended.signal.aborted || !known.has(name)) return;
      try {
        const released = await db.batch(async (tx) => {
          const rows = await releaseUnwritten(tx, name);
          await endSender(tx, name);
          return rows;
        });
        forget(name);
        log.warn('messages.claims_recovered', { count: released.length });
        options.onClaimable();
        return;
      } catch (error) {
        log.error('messages.claims_not_recovered', { error });
        await pause(RETRY_MS, ended.signal).catch(() => undefined);
      }
    }
  }

  async function heartbeat(): Promise<void> {
    for (const name of known.keys()) {
      const kept = await db.batch((tx) => heartbeatSender(tx, name, leaseMs));
      if (kept) continue;
      // Somebody took our claims over: what we hold no longer counts, and we begin again under a new name.
      log.error('messages.sender_lease_lost', {});
      const empty = doubted.get(name);
      forget(name);
      empty?.();
      if (token === name) token = null;
    }
    if (token === null && !ended.signal.aborted) await renew();
  }

  await register();
  return {
    get token() {
      return token;
    },
    take(name, parts) {
      if (known.has(name)) known.set(name, known.get(name)! + parts);
    },
    drop(name, parts) {
      if (!known.has(name)) return;
      const left = known.get(name)! - parts;
      known.set(name, left);
      if (left <= 0) doubted.get(name)?.();
    },
    doubt(name) {
      if (doubted.has(name) || !known.has(name)) return;
      doubted.set(name, () => undefined);
      if (token === name) token = null;
      void resolve(name);
      // When this fails the next heartbeat tries again; until then nothing is claimed.
      if (token === null) renew().catch((error) => log.error('messages.sender_not_registered', { error }));
    },
    beat() {
      beating = heartbeat();
      return beating;
    },
    async end() {
      ended.abort();
      // A heartbeat under way would extend a lease that has ended; who called it hears of its failure.
      await beating.catch(() => undefined);
      token = null;
      const names = [...known.keys()];
      known.clear();
      await db.batch((tx) => Promise.all(names.map((name) => endSender(tx, name))));
    },
  };
}
