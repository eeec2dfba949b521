// How long this disk takes to destroy keys, measured in a store and an erasure log made for it, beside the real ones and
// on their file system. Times only; nothing of the installation is read or touched.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { monotonicMs } from '#platform/clock';
import {
  ENSURE_MAX,
  type KeyId,
  type KeyRef,
  type Keyring,
  type KeyStore,
  openDirectoryKeyStore,
  openKeyring,
  type Sealed,
  utcDay,
} from '#privacy';
import { erasureFile, withRecordedDestruction } from '#privacy/erasures';
import { placeOf, type RowsToSeal } from './seal-rows-worker.ts';

/** How long each of many single destructions took, in milliseconds. */
export interface SingleTimes {
  /** By the key store: durable when it resolves. */
  readonly store: readonly number[];
  /** As the product does it: written to the erasure log first. */
  readonly recorded: readonly number[];
  /** A bare write of as many octets over a file of that size, and fdatasync. */
  readonly bare: readonly number[];
}

/** A whole workspace destroyed by its keys. */
export interface WorkspaceTime {
  readonly keys: number;
  readonly rows: number;
  readonly ms: number;
  /** Rows that read as shredded afterwards, by a keyring that knew none of the keys: all of them, or it did not work. */
  readonly shredded: number;
}

export interface DestructionTimes {
  readonly singles: SingleTimes;
  readonly workspaces: readonly WorkspaceTime[];
}

export interface DestructionOptions {
  /** Of the installation; what is measured lies beside it. */
  readonly keysDir: string;
  readonly singles: number;
  /** Every number of keys with every number of rows, each so many times. */
  readonly workspaceKeys: readonly number[];
  readonly workspaceRows: readonly number[];
  readonly rounds: number;
}

/** The store whose keys are destroyed, and where another thread finds it. */
interface MeasuredStore {
  readonly store: KeyStore;
  readonly directory: string;
  readonly masterKeyFile: string;
}

/** As large as a key file. */
const BARE_OCTETS = 144;
const DAY_MS = 86_400_000;

/** Measures, and removes what it made. A process that is killed meanwhile leaves a folder `<keys>.measured-...`. */
export async function measureDestruction(options: DestructionOptions): Promise<DestructionTimes> {
  const folder = await mkdtemp(`${options.keysDir}.measured-`);
  try {
    const paths = { directory: join(folder, 'keys'), masterKeyFile: join(folder, 'master-key') };
    const bareStore = await openDirectoryKeyStore({ ...paths, initialise: true });
    const place = erasureFile(join(folder, 'erasures'));
    await place.create();
    const recordedStore = withRecordedDestruction(bareStore, await place.open());
    try {
      return {
        singles: await measureSingles(folder, bareStore, recordedStore, options.singles),
        workspaces: await measureWorkspaces({ ...paths, store: recordedStore }, options),
      };
    } finally {
      await bareStore.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The times in sentences for a terminal. */
export function linesOf({ singles, workspaces }: DestructionTimes): string[] {
  return [
    `Destroying one key: ${described(singles.store)}.`,
    `With its entry in the erasure log before: ${described(singles.recorded)}.`,
    `A bare write as large, on the same disk: ${described(singles.bare)}.`,
    ...workspaces.map(
      ({ keys, rows, ms, shredded }) =>
        `A workspace (keys: ${keys}, rows: ${rows}): ${ms.toFixed(1)} ms; ${shredded} rows read as shredded.`,
    ),
  ];
}

function described(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return `mean ${mean.toFixed(2)} ms, p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms`;
}

/** The three in turns, each first as often as last, so that what disturbs the disk disturbs all of them alike. */
async function measureSingles(
  folder: string,
  bareStore: KeyStore,
  recordedStore: KeyStore,
  count: number,
): Promise<SingleTimes> {
  const keyring = await openKeyring(bareStore);
  const [plain, recorded] = [await makeKeys(keyring, count), await makeKeys(keyring, count)];
  await keyring.close();
  const files = Array.from({ length: count }, (_, at) => join(folder, `bare-${at}`));
  for (const file of files) overwrite(file, 'w');
  const times = { store: [] as number[], recorded: [] as number[], bare: [] as number[] };
  for (let at = 0; at < count; at += 1) {
    const turns = [
      async () => times.store.push(await timed(() => bareStore.destroy([plain[at]!]))),
      async () => times.recorded.push(await timed(() => recordedStore.destroy([recorded[at]!]))),
      async () => times.bare.push(await timed(async () => overwrite(files[at]!, 'r+'))),
    ];
    for (let turn = 0; turn < turns.length; turn += 1) await turns[(at + turn) % turns.length]!();
  }
  return times;
}

function overwrite(path: string, flags: 'w' | 'r+'): void {
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, Buffer.alloc(BARE_OCTETS, flags), 0, BARE_OCTETS, 0);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function makeKeys(keyring: Keyring, count: number): Promise<KeyId[]> {
  const refs = Array.from({ length: count }, (): KeyRef => ({ class: 'identity', subjectId: randomUUID() }));
  return ensureAll(keyring, refs);
}

async function ensureAll(keyring: Keyring, refs: readonly KeyRef[]): Promise<KeyId[]> {
  const ids: KeyId[] = [];
  for (let from = 0; from < refs.length; from += ENSURE_MAX) {
    const ensured = await keyring.ensure(refs.slice(from, from + ENSURE_MAX));
    ids.push(...ensured.map(({ keyId }) => keyId));
  }
  return ids;
}

async function measureWorkspaces(
  measured: MeasuredStore,
  options: DestructionOptions,
): Promise<WorkspaceTime[]> {
  const times: WorkspaceTime[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const keys of options.workspaceKeys) {
      for (const rows of options.workspaceRows) times.push(await measureWorkspace(measured, keys, rows));
    }
  }
  return times;
}

/** One workspace with a content key for each of many days, and rows sealed under them in turns. */
async function measureWorkspace(
  { store, ...place }: MeasuredStore,
  keys: number,
  rows: number,
): Promise<WorkspaceTime> {
  const workspaceId = randomUUID();
  const keyring = await openKeyring(store);
  const keyIds = await ensureAll(
    keyring,
    Array.from({ length: keys }, (_, day) => ({
      class: 'content_outbound',
      workspaceId,
      day: utcDay(day * DAY_MS),
    })),
  );
  const written = { ...place, workspaceId, keyIds, rows };
  const sealed = await sealElsewhere(written);
  const ms = await timed(() => keyring.destroy(keyIds));
  await keyring.close();
  return { keys, rows, ms, shredded: await countShredded(store, written, sealed) };
}

/** The rows' sealed values, one after the other. */
async function sealElsewhere(rows: RowsToSeal): Promise<Buffer> {
  const worker = new Worker(new URL('./seal-rows-worker.ts', import.meta.url), { workerData: rows });
  const [[sealed]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
  return Buffer.from((sealed as Uint8Array<ArrayBuffer>).buffer);
}

/** Reads every row by a keyring that never had the keys. */
async function countShredded(store: KeyStore, written: RowsToSeal, sealed: Buffer): Promise<number> {
  const { keyIds, rows } = written;
  const length = sealed.length / rows;
  const keyring = await openKeyring(store);
  try {
    for (let from = 0; from < keyIds.length; from += ENSURE_MAX)
      await keyring.load(keyIds.slice(from, from + ENSURE_MAX));
    let shredded = 0;
    for (let row = 0; row < rows; row += 1) {
      const value = sealed.subarray(row * length, (row + 1) * length) as Sealed;
      if (keyring.open(placeOf(written, row), value).state === 'shredded') shredded += 1;
    }
    return shredded;
  } finally {
    await keyring.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = monotonicMs();
  await work();
  return monotonicMs() - startedMs;
}
