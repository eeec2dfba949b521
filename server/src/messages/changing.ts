// Cancelling and erasing, as their workspace asks.
import { finalMessageStatuses, type Message } from '@sotto/contract/message';
import { releaseHolds } from '#ledger';
import { pause } from '#platform/clock';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { emit } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { type Actor, record, SYSTEM } from '#privacy/audit';
import type { ErasureRecorder } from '#privacy/erasures';
import { cancelQueued, eraseAgain, eraseContent } from './change.sql.ts';
import { messagesProgressed } from './events.ts';
import { eraseFinal } from './final.sql.ts';
import { KEPT_FOR_EVER, type MessageKeeping } from './keeping.ts';
import { readOne } from './read.sql.ts';
import { getMessageShort, messageIdOf } from './reading.ts';

/**
 * Cancels a message no carrier has taken and releases its hold, in one transaction. Cancelling twice answers the
 * same. Throws `already_final` when it ended otherwise and `not_cancellable` when a part is being submitted.
 */
export async function cancelMessage(
  db: Database,
  keyring: Keyring,
  workspaceId: string,
  publicId: string,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): Promise<Message> {
  const id = messageIdOf(publicId);
  for (let tries = 1; ; tries++) {
    await cancelOnce(db, workspaceId, id);
    const message = await getMessageShort(db, keyring, workspaceId, publicId, keeping);
    if (message.status === 'cancelled') return message;
    // It still waits, and somebody had its row locked: another cancellation, or a claim that has not committed. Both
    // take milliseconds, and then the row says which.
    const contended = message.status === 'accepted' || message.status === 'scheduled';
    if (!contended || tries === CANCEL_TRIES_MAX) {
      const final = (finalMessageStatuses as readonly string[]).includes(message.status);
      throw new AppError(final ? 'already_final' : 'not_cancellable');
    }
    await pause(CANCEL_RETRY_MS);
  }
}

const CANCEL_TRIES_MAX = 50;
const CANCEL_RETRY_MS = 10;

const cancelOnce = (db: Database, workspaceId: string, id: string) =>
  db.batch(async (tx) => {
    if (!(await cancelQueued(tx, workspaceId, id))) return;
    await Promise.all([
      releaseHolds(tx, [{ id, workspaceId }]),
      emit(tx, messagesProgressed, { message_ids: [id] }),
    ]);
    await eraseFinal(tx, [id]);
  });

/** The kind under which erased messages stand in the erasure log. */
export const ERASED_MESSAGES = 'messages.content';

export interface ErasingParts {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Where erasures are remembered, so that no restore brings them back. */
  readonly erasures: ErasureRecorder;
}

/**
 * Erases content and recipient now: the sealed values, the index and the annotations. It is in the erasure log before
 * it is committed, so that no restore brings it back. May be repeated. Throws `conflict` while it waits to be sent,
 * `not_found` where there is none. `forget` drops it from this process's memory; `actor` is who does it, for the audit
 * trail, which gets an entry each time.
 */
export async function eraseMessage(
  { db, keyring, erasures }: ErasingParts,
  workspaceId: string,
  publicId: string,
  forget: (ids: readonly string[]) => void,
  actor: Actor = SYSTEM,
): Promise<void> {
  const id = messageIdOf(publicId);
  const erased = await db.batch(async (tx) => {
    const done = await eraseContent(tx, workspaceId, [id]);
    if (done.length > 0) {
      await record(tx, keyring, { action: 'message.erased', actor, object: { kind: 'message', id } });
    }
    await erasures.record(ERASED_MESSAGES, done);
    return done;
  });
  if (erased.length === 1) {
    forget(erased);
    return;
  }
  await db.tenant(workspaceId, async (tx) => {
    if ((await readOne(tx, workspaceId, id, null)) === undefined) throw new AppError('not_found');
  });
  throw new AppError('conflict', { detail: 'The message waits to be sent: cancel it first.' });
}

/** Messages in one transaction of a replay. */
const REPLAY_BATCH = 1_000;

/**
 * Erases messages again that the erasure log names, after a restore: also ones that wait to be sent by what the
 * restored database knows. Their rows are taken out of the queue when they are claimed. May be repeated.
 */
export async function eraseMessagesAgain(db: Database, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += REPLAY_BATCH) {
    const batch = ids.slice(at, at + REPLAY_BATCH);
    await db.batch((tx) => eraseAgain(tx, batch));
  }
}
