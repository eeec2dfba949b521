// Answers that came after their part was given up as unknown: they still name the carrier's id, so that the receipts
// that follow find their part, and the hold can be settled.
import type { LateAnswer } from '#carriers';
import type { Database } from '#platform/database';
import { emit } from '#platform/outbox';
import { messagesProgressed } from './events.ts';
import { eraseFinal } from './final.sql.ts';
import { settleMessages } from './maintenance.ts';
import { applyLate } from './outcome.sql.ts';

/** Part ids as sending.ts makes them: the message's id and the sequence behind it. */
export const partIdOf = (messageId: string, sequence: number): string => `${messageId}${sequence}`;
const UUID_LENGTH = 36;

/** Takes late answers, after everything pending is stored. A part that was decided otherwise stays as it is. */
export async function storeLate(
  db: Database,
  settled: () => Promise<void>,
  answers: readonly LateAnswer[],
): Promise<void> {
  await settled();
  await db.batch(async (tx) => {
    const applied = await applyLate(
      tx,
      answers.map(({ partId, outcome }) => ({
        messageId: partId.slice(0, UUID_LENGTH),
        sequence: Number(partId.slice(UUID_LENGTH)),
        status: outcome.kind === 'accepted' ? 'submitted' : 'rejected',
        carrierMessageId: outcome.kind === 'accepted' ? outcome.carrierMessageId : null,
        errorCode: outcome.kind === 'refused' ? outcome.errorCode : null,
      })),
    );
    if (applied.length === 0) return;
    await settleMessages(tx, new Map(applied.map((row) => [row.message_id, row.workspace_id])));
    const messageIds = [...new Set(applied.map((row) => row.message_id))];
    await emit(tx, messagesProgressed, { message_ids: messageIds });
    await eraseFinal(tx, messageIds);
  });
}
