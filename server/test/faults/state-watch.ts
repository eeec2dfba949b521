// Looks at the states all the time while faults happen, as the API shows them and as they stand on disk, and notices
// when one came before another that was seen earlier (invariant M4).
import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseProcess } from './database-process.ts';
import type { Violation } from './violation.ts';

const EVERY_MS = 200;
const PAGE = 200;
const ANSWER_LIMIT_MS = 3_000;

/** How far along a part on disk is. A lost answer may still be decided by a receipt; what is decided stays. */
const PART_RANKS: Readonly<Record<string, number>> = {
  submitted: 0,
  unknown: 1,
  delivered: 2,
  undeliverable: 2,
  expired: 2,
  rejected: 2,
  cancelled: 2,
};

/**
 * How far along a message is, as the API shows it. A late receipt may still decide a part of unknown outcome, so
 * `unknown` and `partially_delivered` are not the last word; what stands after them is.
 */
const STATUS_RANKS: Readonly<Record<string, number>> = {
  scheduled: 0,
  accepted: 1,
  submitting: 2,
  submitted: 3,
  unknown: 4,
  partially_delivered: 5,
  delivered: 6,
  undeliverable: 6,
  expired: 6,
  rejected: 6,
  cancelled: 6,
};

export interface StateWatchOptions {
  /** A connection of its own: looking must not wait for what the run asks. */
  readonly database: DatabaseProcess;
  readonly baseUrl: () => string;
  readonly apiKey: () => string;
}

export class StateWatch {
  readonly #options: StateWatchOptions;
  readonly #seen = new Map<string, string>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  readonly violations: Violation[] = [];
  /** Looks that succeeded: a watch that never saw anything proves nothing. */
  looks = 0;

  constructor(options: StateWatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#options.database.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // Either may be down at this moment: that is what the run is about.
      await this.#lookAtParts().catch(() => undefined);
      await this.#lookAtStatuses().catch(() => undefined);
    }
  }

  async #lookAtParts(): Promise<void> {
    const rows = await this.#options.database.sql<{ name: string; status: string }>(
      `select message_id || '/' || sequence as name, status from messages.part`,
    );
    this.looks += 1;
    const present = new Set<string>();
    for (const { name, status } of rows) {
      present.add(name);
      this.#saw(`part ${name}`, status, PART_RANKS);
    }
    for (const name of this.#seen.keys())
      if (name.startsWith('part ') && !present.has(name.slice(5)))
        this.violations.push({ kind: 'moved_back', what: `${name} was there and is gone` });
  }

  async #lookAtStatuses(): Promise<void> {
    const response = await fetch(`${this.#options.baseUrl()}/v1/messages?limit=${PAGE}`, {
      headers: { authorization: `Bearer ${this.#options.apiKey()}` },
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    if (response.status !== 200) return;
    const { data } = (await response.json()) as { data: { id: string; status: string }[] };
    for (const { id, status } of data) this.#saw(`message ${id}`, status, STATUS_RANKS);
  }

  #saw(name: string, status: string, ranks: Readonly<Record<string, number>>): void {
    const before = this.#seen.get(name);
    if (before === status) return;
    this.#seen.set(name, status);
    if (before === undefined) return;
    const [from, to] = [ranks[before] ?? Number.NaN, ranks[status] ?? Number.NaN];
    if (!(to > from))
      this.violations.push({ kind: 'moved_back', what: `${name} was ${before} and is ${status}` });
  }
}
