// NOTIFY as a doorbell: it says "look", never what there is. It rings in a transaction of its own, for one that
// notifies holds an instance-wide lock until its commit, and at most 20 times a second a channel and process.
// Whoever listens also polls: a ring may be lost while the listening connection is away.
import { pause } from './clock.ts';
import type { Database } from './db/database.ts';
import { listenTo, NOTIFY } from './doorbell.sql.ts';
import { assertInvariant } from './errors.ts';
import { log } from './log.ts';

const RING_EVERY_MS = 50;
const RECONNECT_MIN_MS = 250;
const RECONNECT_MAX_MS = 5_000;

export interface DoorbellOptions {
  readonly ringEveryMs?: number;
}

export class Doorbell {
  readonly #db: Database;
  readonly #ringEveryMs: number;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #ringing = new Map<string, { again: boolean }>();
  readonly #stopping = new AbortController();
  #listening: Promise<void> | undefined;

  constructor(db: Database, options: DoorbellOptions = {}) {
    this.#db = db;
    this.#ringEveryMs = options.ringEveryMs ?? RING_EVERY_MS;
  }

  /** Calls `listener` on every ring of the channel, ours and other processes'. Register before `start`. */
  on(channel: string, listener: () => void): void {
    assertInvariant(/^[a-z_]{1,40}$/.test(channel), 'a doorbell has a plain name');
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
  }

  /**
   * Rings after a commit. Listeners of this process hear it at once, others within a round trip; rings within
   * 50 ms of one another become one. Never throws: a lost ring costs a poll.
   */
  ring(channel: string): void {
    this.#call(channel);
    const ringing = this.#ringing.get(channel);
    if (ringing) ringing.again = true;
    else void this.#send(channel);
  }

  /** Begins to listen on a connection of its own, and keeps it up until `stop`. */
  start(): void {
    this.#listening ??= this.#listen();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
  }

  #call(channel: string): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener();
  }

  async #send(channel: string): Promise<void> {
    const state = { again: true };
    this.#ringing.set(channel, state);
    while (state.again && !this.#stopping.signal.aborted) {
      state.again = false;
      try {
        await this.#db.batch((tx) => tx.exec(NOTIFY, [`sotto_${channel}`]));
        await pause(this.#ringEveryMs, this.#stopping.signal);
      } catch {
        // Stopping, or the database is away: pollers find what this ring was about.
        break;
      }
    }
    this.#ringing.delete(channel);
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    let waitMs = RECONNECT_MIN_MS;
    while (!signal.aborted) {
      try {
        await this.#listenOnce(() => {
          waitMs = RECONNECT_MIN_MS;
        });
      } catch (error) {
        if (!signal.aborted) log.warn('doorbell.lost', { error, delayMs: waitMs });
      }
      await pause(waitMs * (0.5 + Math.random() / 2), signal).catch(() => undefined);
      waitMs = Math.min(RECONNECT_MAX_MS, waitMs * 2);
    }
  }

  /** Holds one connection until it breaks or we stop. */
  async #listenOnce(connected: () => void): Promise<void> {
    const client = await this.#db.connection();
    const { signal } = this.#stopping;
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        client.on('error', reject);
        client.on('end', () => reject(new Error('the listening connection ended')));
        client.on('notification', ({ channel }) => this.#call(channel.slice('sotto_'.length)));
        const channels = [...this.#listeners.keys()].map((channel) => `sotto_${channel}`);
        Promise.all(channels.map((channel) => client.query(listenTo(channel)))).then(() => {
          connected();
          // What was rung while nobody listened is unknown, so everybody looks once.
          for (const channel of this.#listeners.keys()) this.#call(channel);
          if (signal.aborted) resolve();
        }, reject);
      });
    } finally {
      // Destroyed, not returned: a pooled connection must not go on listening.
      client.release(true);
    }
  }
}
