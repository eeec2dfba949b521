// Who stops an embedded PostgreSQL that was found running. One whose parent died with a killed Sotto is nobody's: it
// would run for ever, so the last to leave stops it. One with a living parent is that parent's to stop.
import { readFileSync } from 'node:fs';
import { monotonicMs, pause } from '#platform/clock';
import type { EmbeddedPostgres } from '#platform/embedded';

const STOP_LIMIT_MS = 30_000;
const POLL_MS = 50;

/** Stops the server if it is this process's, or nobody's. Everything committed is on disk when it resolves. */
export async function stopEmbedded(embedded: EmbeddedPostgres): Promise<void> {
  await embedded.stop();
  const pid = embedded.currentPid();
  if (pid === undefined || !isOrphan(pid)) return;
  // SIGINT asks PostgreSQL for a fast shutdown: sessions end, a checkpoint is written.
  if (!signal(pid, 'SIGINT')) return;
  const until = monotonicMs() + STOP_LIMIT_MS;
  while (signal(pid, 0) && monotonicMs() < until) await pause(POLL_MS);
}

/** Given to init, to a service manager, or to us when we are init. Only Linux tells; elsewhere nothing is an orphan. */
function isOrphan(pid: number): boolean {
  try {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    if (parent === 1 || parent === process.pid) return true;
    return readFileSync(`/proc/${parent}/comm`, 'utf8').trim() === 'systemd';
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false; // gone, or given to somebody else meanwhile
  }
}
