// The routes of dead letters. Jobs belong to the platform and no context, so http itself mounts them.
import { decodeId, encodeId } from '@sotto/contract';
import { type DeadJob, listDeadJobs, replayJob } from '@sotto/contract/admin/jobs';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { type DeadLetter, findJob, listDead, replayDead } from '#platform/jobs';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';

export interface JobRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
}

export const jobRoutes = ({ db, keyring }: JobRoutesOptions): readonly Route[] => [
  reads(listDeadJobs, async ({ query }: Call<typeof listDeadJobs, unknown>) => {
    const before = positionOf(query.cursor) ?? undefined;
    const found = await db.batch((tx) => listDead(tx, query.limit + 1, before));
    return pageAnswer(found, query.limit, ({ id }) => id, presentDead);
  }),
  inTransaction(replayJob, async (call: Call<typeof replayJob, AuditedCaller>, tx) => {
    const id = decodeId('job', call.params.id);
    const dead = id === null ? undefined : await findJob(tx, id);
    // A job that lives is no dead letter: nothing of it is shown.
    if (id === null || dead === undefined || dead.deadAt === null) throw new AppError('not_found');
    const replayed = await replayDead(tx, [id]);
    if (replayed.length === 0) {
      throw new AppError('conflict', { detail: 'A job for the same work waits or runs already.' });
    }
    await record(tx, keyring, { action: 'job.replayed', actor: actorOf(call), object: { kind: 'job', id } });
    const job = await findJob(tx, id);
    assertInvariant(job !== undefined, 'a job just replayed is there');
    return { id: encodeId('job', id), name: job.name, replayed_at: job.dueAt.toISOString() };
  }),
];

const presentDead = (letter: DeadLetter): DeadJob => ({
  id: encodeId('job', letter.id),
  name: letter.name,
  attempts: letter.attempts,
  last_error: letter.lastError,
  created_at: letter.createdAt.toISOString(),
  died_at: letter.deadAt.toISOString(),
});
