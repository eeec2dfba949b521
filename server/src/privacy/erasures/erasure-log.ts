// What was erased for good, remembered outside the database, the key store and their backups, so that a restore
// cannot bring it back: whoever restores replays it. It holds ids and no content: of keys, and of rows whose clear
// columns were emptied. An erasure is logged, and on disk, before it is acknowledged; so the log may name one whose
// transaction then failed, and replaying that does what was asked for.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { alignedNowMs } from '#platform/clock';
import { Refusal } from '#platform/errors';
import { createFile, syncDirectory } from '../keys/key-file.ts';
import { type ErasureMark, KeyStoreFault } from '../keys/key-store.ts';
import { openStoreLock } from '../keys/store-lock.ts';
import {
  assertErasure,
  type Erasure,
  firstLine,
  type LoggedErasure,
  type LogTail,
  nextLine,
  readLines,
} from './erasure-chain.ts';

export type { LoggedErasure } from './erasure-chain.ts';

/** Ids in one line; longer lists take several. */
const IDS_MAX = 1_000;
/** How long an append waits for those of other processes, each of which takes milliseconds. */
const LOCK_WAIT_MS = 10_000;

/** What contexts need of the log. */
export interface ErasureRecorder {
  /**
   * Remembers an erasure for good: on disk when it resolves. To be called before the erasure is committed or
   * acknowledged. May be repeated. `kind` is one that a replay knows; `ids` are UUIDs.
   */
  record(kind: string, ids: readonly string[]): Promise<void>;
}

export interface ErasureLog extends ErasureRecorder {
  /** Where the log ends now, entries of other processes included. */
  head(): Promise<ErasureMark>;
  /** Whether the log has the moment that `mark` names: false for another log, and for one that ends before it. */
  covers(mark: ErasureMark): Promise<boolean>;
  /** Everything logged after the first `sequence` entries, in order. */
  after(sequence: number): AsyncGenerator<LoggedErasure>;
}

/** Makes a new, empty log. Throws a `Refusal` where there is a file. Durable when it resolves. */
export async function createErasureLog(path: string): Promise<void> {
  const { line } = firstLine(randomUUID());
  if (!(await createFile(dirname(path), path, Buffer.from(line)))) {
    throw new Refusal(`There is an erasure log at ${path} already.`, ['start Sotto with it']);
  }
  await syncDirectory(dirname(path));
}

/** Opens a log and reads it once to its end. Throws a `Refusal` when it is missing, open to others, or damaged. */
export async function openErasureLog(path: string): Promise<ErasureLog> {
  if (!existsSync(path)) throw missingLog(path);
  if (((await stat(path)).mode & 0o077) !== 0) {
    throw new Refusal(`The erasure log ${path} can be read by other users.`, [`chmod 600 ${path}`]);
  }
  const lock = openStoreLock(
    `${path}.lock`,
    LOCK_WAIT_MS,
    'The erasure log stayed locked by another process',
  );
  let tail = await tailOf(path);
  const waiting: { readonly erasures: readonly Erasure[]; readonly done: (error?: unknown) => void }[] = [];
  let writing = false;

  /** Writes everything that waits, with one sync for all of it, until nothing waits. */
  async function write(): Promise<void> {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0);
      const failure = await lock
        .alone(async () => {
          tail = await append(
            path,
            tail,
            batch.flatMap(({ erasures }) => erasures),
          );
        })
        .then(
          () => undefined,
          (error: unknown) => error ?? new Error('The erasure log could not be written'),
        );
      for (const { done } of batch) done(failure);
    }
    writing = false;
  }

  return {
    async record(kind, ids) {
      assertErasure({ kind, ids });
      const erasures = idLists(ids).map((list) => ({ kind, ids: list }));
      if (erasures.length === 0) return;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ erasures, done: (error) => (error === undefined ? resolve() : reject(error)) });
        void write();
      });
    },
    async head() {
      // What is told here is remembered elsewhere: it must not outlive the lines it counts.
      const file = await open(path, 'r+');
      await file.datasync().finally(() => file.close());
      return (await tailOf(path)).mark;
    },
    async covers(mark) {
      for await (const { tail: at } of readLines(path)) {
        if (at.mark.log !== mark.log) return false;
        if (at.mark.sequence === mark.sequence) return at.mark.chain === mark.chain;
      }
      return false;
    },
    async *after(sequence) {
      for await (const { erasure } of readLines(path)) {
        if (erasure !== null && erasure.sequence > sequence) yield erasure;
      }
    },
  };
}

/** Long lists of ids in several, each for one entry. */
export function idLists(ids: readonly string[]): string[][] {
  const lists: string[][] = [];
  for (let at = 0; at < ids.length; at += IDS_MAX) lists.push(ids.slice(at, at + IDS_MAX));
  return lists;
}

/** A log that was there and is not. */
const missingLog = (path: string) =>
  new Refusal(
    `There is no erasure log at ${path}, so what was erased since a backup could come back unseen.`,
    [
      'mount or restore the file that SOTTO_ERASURE_LOG names',
      'if it is lost: sotto erasures begin --accept-loss (read docs/runbooks/backup-and-restore.md first)',
    ],
  );

async function tailOf(path: string, after?: LogTail): Promise<LogTail> {
  let tail = after;
  for await (const line of readLines(path, after)) tail = line.tail;
  return tail!;
}

/** Appends under the lock: after what other processes appended, over what a killed one did not finish. */
async function append(path: string, known: LogTail, erasures: readonly Erasure[]): Promise<LogTail> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    if (size < known.octets) throw new KeyStoreFault('The erasure log became shorter while it was in use');
    let tail = size === known.octets ? known : await tailOf(path, known);
    if (size > tail.octets) await file.truncate(tail.octets);
    const start = tail.octets;
    let text = '';
    for (const erasure of erasures) {
      const next = nextLine(tail, erasure, new Date(alignedNowMs()));
      text += next.line;
      tail = next.tail;
    }
    await writeAll(file, Buffer.from(text), start);
    await file.datasync();
    return tail;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, octets: Buffer, start: number): Promise<void> {
  for (let at = 0; at < octets.length; ) {
    const { bytesWritten } = await file.write(octets, at, octets.length - at, start + at);
    at += bytesWritten;
  }
}
