// Keeps this process's idea of the time by the database's clock: ids carry it, and partitions follow ids. Half the
// round trip is taken off, and the best of a few readings counts, so the error is below a millisecond or two.
import { alignTo, monotonicMs, pause } from './clock.ts';
import { READ_CLOCK } from './clock-alignment.sql.ts';
import type { Database } from './db/database.ts';
import type { Component } from './lifecycle.ts';
import { log } from './log.ts';

const EVERY_MS = 10_000;
const READINGS = 3;

/** Aligns once, with the best of three readings. Rejects when the database cannot be reached. */
export async function alignClock(db: Database): Promise<void> {
  let best: { readonly tookMs: number; readonly now: number; readonly atMs: number } | undefined;
  for (let reading = 0; reading < READINGS; reading++) {
    const askedMs = monotonicMs();
    const [row] = await db.batch((tx) => tx.exec(READ_CLOCK, []));
    const atMs = monotonicMs();
    const tookMs = atMs - askedMs;
    if (!best || tookMs < best.tookMs) best = { tookMs, now: row!.now.getTime() + tookMs / 2, atMs };
  }
  alignTo(new Date(best!.now + (monotonicMs() - best!.atMs)));
}

/** Aligns at start, which must succeed, and every ten seconds after, which may fail. */
export function clockAlignment(db: Database): Component {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;
  const keep = async () => {
    while (!stopping.signal.aborted) {
      await pause(EVERY_MS, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await alignClock(db).catch((error) => log.warn('clock.not_aligned', { error }));
    }
  };
  return {
    name: 'clock',
    async start() {
      await alignClock(db);
      loop = keep();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
