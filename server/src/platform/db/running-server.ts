// Whether a PostgreSQL already runs in a data directory, by what its postmaster.pid says and the process it names.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { monotonicMs, pause } from '../clock.ts';
import { Refusal } from '../errors.ts';

/** A server that recovers after a crash answers late, and is waited for this long. */
const ADOPT_LIMIT_MS = 60_000;
const POLL_MS = 50;

/**
 * Waits for a server that runs in this data directory to answer. False when there is none, or when it ends
 * meanwhile: one that was just killed has a process for a moment longer. Refuses one that lives and is silent.
 */
export async function adoptable(data: string, url: string): Promise<boolean> {
  const until = monotonicMs() + ADOPT_LIMIT_MS;
  let pid = runningPid(data);
  for (; pid !== undefined && monotonicMs() < until; pid = runningPid(data)) {
    if ((await answers(url)) === true) return true;
    await pause(POLL_MS);
  }
  if (pid === undefined) return false;
  throw new Refusal(`A PostgreSQL (process ${pid}) runs in the data directory and does not answer.`, [
    `stop it: kill -INT ${pid}`,
    'read the log named postgres.log in the data directory',
  ]);
}

/** The server's process id from postmaster.pid, when that process lives and is one. */
export function runningPid(data: string): number | undefined {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  if (!isForeign(pid)) return pid;
  // A machine or container that restarted gave the number to somebody else. PostgreSQL would refuse to start.
  rmSync(file, { force: true });
  return undefined;
}

/** True when the process is surely no PostgreSQL. Only Linux tells; elsewhere the number is believed. */
function isForeign(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'postgres';
  } catch {
    return false;
  }
}

/** True when a connection can be made, else why not. */
export async function answers(url: string): Promise<true | unknown> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    return error;
  }
}
