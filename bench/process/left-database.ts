// A server that is ended while it starts leaves its PostgreSQL behind, to be found again at the next start. There is
// no next start here, so whoever removes the folder ends it first.
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { waitFor } from './waiting.ts';

const STOP_LIMIT_MS = 10_000;
const POLL_MS = 50;

/** Ends the PostgreSQL that runs below `folder`, if one does: fast shutdown first, at once when that takes too long. */
export async function endDatabaseLeftIn(folder: string): Promise<void> {
  for (const dataDir of [join(folder, 'data'), folder]) {
    const left = postmasterOf(join(dataDir, 'postgres', 'data'));
    if (left === null) continue;
    const { pid, socketFolder } = left;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (!signalled(pid, signal)) break;
      const gone = await waitFor(() => (signalled(pid, 0) ? undefined : true), STOP_LIMIT_MS, POLL_MS);
      if (gone) break;
    }
    // It lies outside the folder and was made for this cluster alone.
    if (isAbsolute(socketFolder)) await rm(socketFolder, { recursive: true, force: true });
  }
}

interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
}

/** What postmaster.pid says (lines 1, 2 and 5), when that process runs in this very directory. */
function postmasterOf(cluster: string): Postmaster | null {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const [pid, directory, , , socketFolder = ''] = readFileSync(file, 'utf8').split('\n');
  return directory === cluster && signalled(Number(pid), 0) ? { pid: Number(pid), socketFolder } : null;
}

function signalled(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
