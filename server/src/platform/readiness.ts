// Is this process able to do its work? Readiness watches progress, not life: a worker whose loop hangs is alive and
// of no use (graphile-worker#592). Every check answers within a limit; the document names checks and reasons in
// fixed words, so that it may be public.
import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { monotonicMs, pause } from './clock.ts';
import type { Database } from './db/database.ts';
import { gauge } from './metrics.ts';
import { PROBE } from './readiness.sql.ts';

/** Nothing, or the reason in words without values of any request. */
export type CheckResult = undefined | string;
export type Check = () => Promise<CheckResult> | CheckResult;

export interface ReadinessDocument {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly reason?: string }[];
}

const CHECK_LIMIT_MS = 2_000;
/** Answers are kept this long, so that probes of many balancers cost one look. */
const KEPT_MS = 500;
const SAMPLE_EVERY_MS = 20;

const ready = gauge({ name: 'sotto_platform_ready_ratio', help: 'Share of readiness checks that pass' });

export class Readiness {
  readonly #checks = new Map<string, Check>();
  #kept: { readonly atMs: number; readonly document: Promise<ReadinessDocument> } | undefined;
  #draining = false;

  /** Adds a check, or replaces the one of that name. `name` is `context.what`. */
  register(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** No longer asked, such as a connector that was removed. */
  unregister(name: string): void {
    this.#checks.delete(name);
  }

  /** From now on not ready: balancers look elsewhere while the process drains. */
  drain(): void {
    this.#draining = true;
    this.#kept = undefined;
  }

  /** Runs all checks, each within 2 s. Never rejects: a check that fails or is late is not ok. */
  report(): Promise<ReadinessDocument> {
    if (!this.#kept || monotonicMs() - this.#kept.atMs > KEPT_MS)
      this.#kept = { atMs: monotonicMs(), document: this.#look() };
    return this.#kept.document;
  }

  async #look(): Promise<ReadinessDocument> {
    const checks = await Promise.all(
      [...this.#checks].map(async ([name, check]) => {
        const reason = await within(check);
        return reason === undefined ? { name, ok: true } : { name, ok: false, reason };
      }),
    );
    if (this.#draining)
      checks.push({ name: 'platform.draining', ok: false, reason: 'the process is stopping' });
    ready.set(checks.length === 0 ? 1 : checks.filter(({ ok }) => ok).length / checks.length);
    return { ready: checks.every(({ ok }) => ok), checks };
  }
}

async function within(check: Check): Promise<CheckResult> {
  const late = new AbortController();
  try {
    return await Promise.race([
      Promise.resolve().then(check),
      pause(CHECK_LIMIT_MS, late.signal).then(() => 'the check did not answer in time'),
    ]);
  } catch {
    return 'the check failed';
  } finally {
    late.abort();
  }
}

/** The database answers. */
export const databaseReachable =
  (db: Database): Check =>
  async () => {
    try {
      await db.batch((tx) => tx.exec(PROBE, []));
      return undefined;
    } catch {
      return 'the database does not answer';
    }
  };

/** Work that is due gets done: the age of the oldest of it stays below the limit. */
export const notOlderThan =
  (what: string, maxMs: number, oldestMs: () => Promise<number>): Check =>
  async () => {
    const ageMs = await oldestMs();
    return ageMs <= maxMs ? undefined : `${what} has waited ${Math.round(ageMs / 1000)} s`;
  };

/** A loop of this process comes round: the time since its last turn stays below the limit. */
export const keepsTurning =
  (what: string, maxMs: number, sinceMs: () => number): Check =>
  () =>
    sinceMs() <= maxMs ? undefined : `${what} has not moved for ${Math.round(sinceMs() / 1000)} s`;

/**
 * The event loop is not held up: 99 of 100 of its delays since the last look stay below the limit. `stop` ends
 * the measurement.
 */
export function eventLoopKeepsUp(maxMs: number): { readonly check: Check; stop(): void } {
  const delays = monitorEventLoopDelay({ resolution: SAMPLE_EVERY_MS });
  delays.enable();
  return {
    check: () => {
      // The histogram holds the time between samples, which is the wanted interval plus the delay.
      const p99Ms = Math.max(0, delays.percentile(99) / 1e6 - SAMPLE_EVERY_MS);
      delays.reset();
      return p99Ms <= maxMs ? undefined : `the event loop is late by ${Math.round(p99Ms)} ms`;
    },
    stop: () => void delays.disable(),
  };
}

/** The disk that holds `folder` has room left; a full one would stop the database. */
export const diskHasRoom =
  (folder: string, minPercent: number): Check =>
  async () => {
    const percent = await freePercent(folder);
    return percent >= minPercent ? undefined : `${percent.toFixed(1)} % of the disk is free`;
  };

/** Free share of the disk that holds the folder, for an ordinary user, in percent. */
export async function freePercent(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 100 : (bavail / blocks) * 100;
}
