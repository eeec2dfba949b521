// The routes of opt-outs: a workspace sees and changes its own.
import { decodeId, encodeId } from '@sotto/contract';
import { checkOptOuts, createOptOut, deleteOptOut, listOptOuts, type OptOut } from '@sotto/contract/opt-outs';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { actorOf } from '../audit/entry.ts';
import type { WorkspaceCaller } from '../caller.ts';
import type { Keyring } from '../keys/keyring.ts';
import { asSuppression, liftSuppression, type Suppression, suppress, suppressedAmong } from './suppress.ts';
import { selectSuppressions } from './suppression.sql.ts';
import type { SuppressionWatch } from './watch.ts';

export interface SuppressionRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** What this process knows of suppressions, told at once of one it has recorded. */
  readonly suppressions: Pick<SuppressionWatch, 'refresh'>;
}

export const suppressionRoutes = ({
  db,
  keyring,
  suppressions,
}: SuppressionRoutesOptions): readonly Route[] => [
  reads(listOptOuts, async ({ caller, query }: Call<typeof listOptOuts, WorkspaceCaller>) => {
    const { workspaceId } = caller;
    const rows = await db.tenant(workspaceId, (tx) =>
      selectSuppressions(tx, workspaceId, positionOf(query.cursor), query.limit + 1),
    );
    return pageAnswer(rows.map(asSuppression), query.limit, ({ id }) => id, present);
  }),
  inTransaction(
    createOptOut,
    async (call: Call<typeof createOptOut, WorkspaceCaller>, tx) => {
      const { number, kind, covers } = call.body;
      const { workspaceId } = call.caller;
      return present(
        await suppress(
          tx,
          keyring,
          number,
          { workspaceId, kind, covers, source: 'workspace' },
          actorOf(call),
        ),
      );
    },
    { committed: () => suppressions.refresh() },
  ),
  reads(checkOptOuts, async ({ caller, body }: Call<typeof checkOptOuts, WorkspaceCaller>) => {
    const { workspaceId } = caller;
    const asked = body.numbers.map((number) => ({ workspaceId, number, class: body.class }));
    const suppressed = await db.batch((tx) => suppressedAmong(tx, keyring, asked));
    return { data: asked.map((_, at) => ({ opted_out: suppressed.has(at) })) };
  }),
  inTransaction(deleteOptOut, async (call: Call<typeof deleteOptOut, WorkspaceCaller>, tx) => {
    const id = decodeId('opt', call.params.id);
    const { workspaceId } = call.caller;
    const outcome =
      id === null ? 'unknown' : await liftSuppression(tx, keyring, workspaceId, id, actorOf(call));
    switch (outcome) {
      case 'lifted':
        return undefined;
      case 'unknown':
        throw new AppError('not_found');
      case 'not_allowed':
        throw new AppError('conflict', {
          detail:
            'Only a later consent of the recipient lifts a stop or an objection, and nothing a complaint.',
        });
    }
  }),
];

const present = ({ id, kind, covers, source, createdAt }: Suppression): OptOut => ({
  id: encodeId('opt', id),
  kind,
  covers,
  source,
  created_at: createdAt.toISOString(),
});
