// The embedded PostgreSQL is ours to keep alive: when it dies under us it is started again, recovers what was
// committed, and the pools reconnect. An external one has its own keeper.
import { pause } from '#platform/clock';
import type { EmbeddedPostgres } from '#platform/embedded';
import type { Component } from '#platform/lifecycle';
import { log } from '#platform/log';

const LOOK_EVERY_MS = 500;
/** A server that keeps dying is left alone for longer each time, up to this. */
const RETRY_MS_MAX = 30_000;

export function databaseWatch(embedded: EmbeddedPostgres): Component {
  const ended = new AbortController();
  let loop: Promise<void> | undefined;
  async function watch(): Promise<void> {
    let waitMs = LOOK_EVERY_MS;
    while (!ended.signal.aborted) {
      await pause(waitMs, ended.signal).catch(() => undefined);
      if (ended.signal.aborted) return;
      try {
        const revived = await embedded.revive();
        if (revived) log.warn('database.restarted', {});
        waitMs = LOOK_EVERY_MS;
      } catch (error) {
        log.error('database.not_restarted', { error });
        waitMs = Math.min(waitMs * 2, RETRY_MS_MAX);
      }
    }
  }
  return {
    name: 'database_watch',
    start() {
      loop = watch();
    },
    async stop() {
      ended.abort();
      await loop;
    },
  };
}
