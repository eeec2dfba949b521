// Who may bind. A slot of a connector is bound by at most one process at a time:
//
//   wanted --taken--> held --heartbeats--> held --given back--> gone
//                      held --taken by another, or no heartbeat in time--> lost --> wanted
//
// A lease counts as lost here before the database lets another process take it: its local end is reckoned from the
// moment the heartbeat was sent, on a clock that goes on while the process is stopped.
import { randomUUID } from 'node:crypto';
import { type SessionTimers, systemTimers } from '@sotto/smpp';
import type { Database } from '#platform/database';
import { log } from '#platform/log';
import { extendLeases, giveBackLeases, type HeldSlot, type SlotKey, takeLeases } from './bind-leases.sql.ts';

/** The right to bind one slot. */
export interface BindLease {
  readonly epoch: bigint;
  /** Whether octets may still be written. Ask before every write: the process may have slept. */
  isValid(): boolean;
}

export interface LeaseHolder {
  onGranted(lease: BindLease): void;
  /** The lease is gone: close the socket without writing. `onGranted` may follow later. */
  onLost(): void;
}

export interface LeaseKeeper {
  /** Asks for a slot until it is given up. */
  want(connectorId: string, slot: number, holder: LeaseHolder): LeaseClaim;
}

export interface LeaseClaim {
  /** Gives the slot back, now that nothing is bound under it. Never rejects. */
  giveUp(): Promise<void>;
}

export interface LeaseTimes {
  /** How long a lease lasts without a heartbeat. */
  readonly ttlMs: number;
  readonly heartbeatMs: number;
  /** How often slots held elsewhere are tried, and lost leases noticed. */
  readonly tryMs: number;
}

export const LEASE_TIMES: LeaseTimes = { ttlMs: 15_000, heartbeatMs: 3_000, tryMs: 1_000 };

/** A lease ends this much earlier here than in the database. */
const MARGIN_SHARE = 0.1;

class Claim implements SlotKey {
  readonly connectorId: string;
  readonly slot: number;
  readonly holder: LeaseHolder;
  lease: Lease | null = null;

  constructor(connectorId: string, slot: number, holder: LeaseHolder) {
    this.connectorId = connectorId;
    this.slot = slot;
    this.holder = holder;
  }
}

class Lease implements BindLease {
  readonly epoch: bigint;
  validUntilMs: number;
  readonly #timers: SessionTimers;

  constructor(epoch: bigint, validUntilMs: number, timers: SessionTimers) {
    this.epoch = epoch;
    this.validUntilMs = validUntilMs;
    this.#timers = timers;
  }

  isValid(): boolean {
    return this.#timers.now() < this.validUntilMs;
  }
}

/** Leases over all processes of one database. */
export class DatabaseLeases implements LeaseKeeper {
  readonly #db: Database;
  readonly #times: LeaseTimes;
  readonly #timers: SessionTimers;
  /** This process, for as long as it lives. */
  readonly #token = randomUUID();
  readonly #claims = new Set<Claim>();
  readonly #stopTicks: () => void;
  #beatMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(db: Database, times: LeaseTimes = LEASE_TIMES, timers: SessionTimers = systemTimers) {
    this.#db = db;
    this.#times = times;
    this.#timers = timers;
    this.#stopTicks = timers.every(times.tryMs, () => this.#tick());
  }

  want(connectorId: string, slot: number, holder: LeaseHolder): LeaseClaim {
    const claim = new Claim(connectorId, slot, holder);
    this.#claims.add(claim);
    this.#turn();
    return { giveUp: () => this.#giveUp(claim) };
  }

  /** Ends the heartbeats. Claims are given up by their owners before. */
  stop(): void {
    this.#stopTicks();
  }

  #tick(): void {
    for (const claim of this.#claims) if (claim.lease !== null && !claim.lease.isValid()) this.#lose(claim);
    this.#turn();
  }

  /** One round of heartbeats and attempts; rounds asked for while one runs become one more. */
  #turn(): void {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    this.#running = Promise.resolve()
      .then(() => this.#round())
      .catch((error: unknown) => log.warn('carriers.lease_round_failed', { error }))
      .finally(() => {
        this.#running = null;
        if (!this.#again) return;
        this.#again = false;
        this.#turn();
      });
  }

  async #round(): Promise<void> {
    const sentMs = this.#timers.now();
    const claims = [...this.#claims];
    const wanted = claims.filter(({ lease }) => lease === null);
    const due = sentMs - this.#beatMs >= this.#times.heartbeatMs;
    const held = due ? claims.filter(({ lease }) => lease !== null) : [];
    if (wanted.length === 0 && held.length === 0) return;
    const before = held.map((claim) => ({ claim, lease: claim.lease! }));
    const [extended, taken] = await this.#db.batch((tx) =>
      Promise.all([
        held.length === 0
          ? []
          : extendLeases(
              tx,
              this.#token,
              before.map(({ claim, lease }) => key(claim, lease)),
              this.#times.ttlMs,
            ),
        wanted.length === 0 ? [] : takeLeases(tx, this.#token, wanted, this.#times.ttlMs),
      ]),
    );
    if (due) this.#beatMs = sentMs;
    const validUntilMs = sentMs + this.#times.ttlMs * (1 - MARGIN_SHARE);
    for (const { claim, lease } of before) {
      if (claim.lease !== lease) continue;
      if (includes(extended, claim)) lease.validUntilMs = validUntilMs;
      else this.#lose(claim);
    }
    // Two claims may ask for one slot while a connector is replaced by itself; one of them gets it.
    const granted = [...taken];
    for (const claim of wanted) {
      const at = granted.findIndex((one) => same(one, claim));
      if (at < 0) continue;
      const [slot] = granted.splice(at, 1) as [HeldSlot];
      const lease = new Lease(slot.epoch, validUntilMs, this.#timers);
      if (!this.#claims.has(claim)) {
        // Given up while it was being taken.
        await this.#giveBack(key(claim, lease));
        continue;
      }
      claim.lease = lease;
      claim.holder.onGranted(lease);
    }
  }

  #lose(claim: Claim): void {
    claim.lease = null;
    claim.holder.onLost();
  }

  async #giveUp(claim: Claim): Promise<void> {
    this.#claims.delete(claim);
    const { lease } = claim;
    claim.lease = null;
    if (lease === null) return;
    await this.#giveBack(key(claim, lease));
    this.#turn();
  }

  async #giveBack(held: HeldSlot): Promise<void> {
    try {
      await this.#db.batch((tx) => giveBackLeases(tx, this.#token, [held]));
    } catch (error) {
      // The slot frees itself when the lease runs out.
      log.warn('carriers.lease_not_given_back', { error });
    }
  }
}

const key = (claim: Claim, lease: Lease): HeldSlot => ({
  connectorId: claim.connectorId,
  slot: claim.slot,
  epoch: lease.epoch,
});

const same = (one: SlotKey, other: SlotKey): boolean =>
  one.connectorId === other.connectorId && one.slot === other.slot;

const includes = (slots: readonly SlotKey[], claim: SlotKey): boolean =>
  slots.some((slot) => same(slot, claim));

/** Leases for a single process without a database: every slot is granted at once and never lost. */
export const ungovernedLeases: LeaseKeeper = {
  want(_connectorId, _slot, holder) {
    let wanted = true;
    queueMicrotask(() => {
      if (wanted) holder.onGranted({ epoch: 1n, isValid: () => true });
    });
    return {
      async giveUp() {
        wanted = false;
      },
    };
  },
};
