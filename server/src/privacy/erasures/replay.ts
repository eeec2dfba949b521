// Erasing again what was erased since a backup. Database and key store each remember how far the log was applied to
// them. A restored one remembers less, and that is all a replay needs to know; one that was not restored finds nothing
// but what was erased since the last start, which is erased already and costs a look.
import { Refusal } from '#platform/errors';
import type { KeyId } from '../keys/key-ref.ts';
import type { ErasureMark, KeyStore } from '../keys/key-store.ts';
import type { ErasureLog } from './erasure-log.ts';
import { DESTROYED_KEYS } from './recorded-destruction.ts';

/** Erases again what the ids name. Idempotent; ids that name nothing any more are passed over. */
export type ErasureHandler = (ids: readonly string[]) => Promise<void>;

export type ErasureHandlers = Readonly<Record<string, ErasureHandler>>;

/** Throws a `Refusal` when the log is another one than `mark` is of, or ends before it. `holder` begins the sentence. */
export async function refuseUncovered(log: ErasureLog, mark: ErasureMark, holder: string): Promise<void> {
  if (await log.covers(mark)) return;
  const head = await log.head();
  throw new Refusal(
    head.log === mark.log
      ? `${holder} knows ${mark.sequence} erasures, and the erasure log has only ${head.sequence} of them: it is older, or was altered.`
      : `${holder} was used with another erasure log than this one.`,
    [
      'mount or restore the newest erasure log, and point SOTTO_ERASURE_LOG at it',
      'if it is lost: sotto erasures begin --accept-loss (read docs/runbooks/backup-and-restore.md first)',
    ],
  );
}

/**
 * Destroys in the store every key that the log says is destroyed and the store may not know of, and remembers it there.
 * Safe to repeat and to kill. `store` is the bare one: what is replayed is not logged again. Returns how many ids.
 */
export async function replayKeys(log: ErasureLog, store: KeyStore): Promise<number> {
  const mark = await store.erasuresApplied();
  if (mark !== null) await refuseUncovered(log, mark, 'The key store');
  const head = await log.head();
  let replayed = 0;
  for await (const { kind, ids, sequence } of log.after(mark?.sequence ?? 0)) {
    if (sequence > head.sequence) break;
    if (kind !== DESTROYED_KEYS) continue;
    await store.destroy(ids as readonly KeyId[]);
    replayed += ids.length;
  }
  await store.noteErasuresApplied(head);
  return replayed;
}

/** What the database remembers of the log. */
export interface ErasureMemory {
  read(): Promise<ErasureMark | null>;
  write(mark: ErasureMark): Promise<void>;
}

/**
 * Hands the database's handlers everything the log has and the database may not know of. The same promises as
 * `replayKeys`. Throws a `Refusal` for a kind nobody handles, before anything is replayed.
 */
export async function replayRows(
  log: ErasureLog,
  memory: ErasureMemory,
  handlers: ErasureHandlers,
): Promise<number> {
  const mark = await memory.read();
  if (mark !== null) await refuseUncovered(log, mark, 'The database');
  const head = await log.head();
  const since = mark?.sequence ?? 0;
  for await (const { kind } of log.after(since)) {
    if (kind === DESTROYED_KEYS || Object.hasOwn(handlers, kind)) continue;
    throw new Refusal(`The erasure log names erasures of a kind this release does not know (${kind}).`, [
      'start the newer release that wrote them',
    ]);
  }
  let replayed = 0;
  for await (const { kind, ids, sequence } of log.after(since)) {
    if (sequence > head.sequence) break;
    if (kind === DESTROYED_KEYS) continue;
    await handlers[kind]!(ids);
    replayed += ids.length;
  }
  await memory.write(head);
  return replayed;
}
