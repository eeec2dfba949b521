// The routes of appeals: for workspaces, and for staff who decide.
import { decodeId, encodeId } from '@sotto/contract';
import {
  decideAppeal as decideOperation,
  readAppealAsStaff as readOperation,
  listWaitingAppeals as waitingOperation,
} from '@sotto/contract/admin/appeals';
import {
  type AppealableReason,
  type AppealState,
  createAppeal as createOperation,
  getAppeal as getOperation,
  listAppeals as listOperation,
} from '@sotto/contract/appeals';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf } from '#privacy/audit';
import { demandAllowed, type Throttle } from '../velocity/throttle.ts';
import { type AppealRow, type Kept, selectAppeals, selectWaiting } from './appeal.sql.ts';
import { decideAppeal, findAppeal, lookAtAppeal, openAppeal } from './appeals.ts';

export interface AppealRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly throttle: Pick<Throttle, 'takeWithin' | 'forget'>;
  /** Null where the policy in force bounds nothing, as in tests. */
  readonly kept: Kept | null;
}

/** What appeals need of a caller: whoever calls is known to contexts above. */
interface Requester {
  readonly workspaceId: string;
}

export function appealRoutes({ db, keyring, throttle, kept }: AppealRoutesOptions): readonly Route[] {
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, Requester>) => {
      const { workspaceId } = caller;
      const found = await db.tenant(workspaceId, (tx) =>
        selectAppeals(tx, workspaceId, kept, positionOf(query.cursor), query.limit + 1),
      );
      return pageAnswer(found, query.limit, ({ id }) => id, presentState);
    }),
    inTransaction(createOperation, async ({ caller, body }: Call<typeof createOperation, Requester>, tx) => {
      const { workspaceId } = caller;
      // Within the transaction: who repeats a request under its key is not counted again.
      demandAllowed(await throttle.takeWithin(tx, [{ limit: 'appeal.workspace', subject: workspaceId }]));
      const opened = await openAppeal(tx, keyring, { workspaceId, ...body });
      if (opened === undefined)
        throw new AppError('conflict', { detail: 'An appeal for this reason waits already.' });
      return presentState(opened);
    }),
    reads(getOperation, async ({ caller, params }: Call<typeof getOperation, Requester>) => {
      const found = await findAppeal(db, keyring, kept, caller.workspaceId, appealId(params.id));
      if (found === undefined) throw new AppError('not_found');
      return { ...presentState(found), text: found.text };
    }),
    reads(waitingOperation, async ({ query }: Call<typeof waitingOperation, AuditedCaller>) => {
      const found = await db.batch((tx) => selectWaiting(tx, positionOf(query.cursor), query.limit + 1));
      return pageAnswer(found, query.limit, ({ id }) => id, presentOwned);
    }),
    reads(readOperation, async (call: Call<typeof readOperation, AuditedCaller>) => {
      const looked = await lookAtAppeal(db, keyring, actorOf(call), appealId(call.params.id));
      switch (looked.outcome) {
        case 'shown':
          return { ...presentOwned(looked.appeal), text: looked.appeal.text };
        case 'decided':
          throw new AppError('forbidden', { detail: 'It is decided, and read by its workspace alone.' });
        case 'restricted':
          throw underRestriction();
        case 'unknown':
          throw new AppError('not_found');
      }
    }),
    inTransaction(decideOperation, async (call: Call<typeof decideOperation, AuditedCaller>, tx) => {
      const { outcome, days = null, tier = null } = call.body;
      if ((outcome === 'granted') !== (days !== null) || (outcome === 'refused' && tier !== null)) {
        throw new AppError('invalid_request', {
          field: days === null ? 'days' : 'outcome',
          detail: 'What is granted holds for some days; what is refused gives nothing.',
        });
      }
      const id = appealId(call.params.id);
      const decided = await decideAppeal(tx, keyring, throttle, actorOf(call), id, { days, tier });
      switch (decided.outcome) {
        case 'done':
          return presentState(decided.appeal);
        case 'decided':
          throw new AppError('conflict', { detail: 'It has been decided, and that stands.' });
        case 'restricted':
          throw underRestriction();
        case 'unknown':
          throw new AppError('not_found');
      }
    }),
  ];
}

/** The id of a path. Throws `not_found` for one of another form. */
function appealId(text: string): string {
  const id = decodeId('apl', text);
  if (id === null) throw new AppError('not_found');
  return id;
}

const underRestriction = () => new AppError('restricted', { detail: 'A restriction of processing is open.' });

const presentState = (row: AppealRow): AppealState => ({
  id: encodeId('apl', row.id),
  reason: row.reason as AppealableReason,
  state: row.state as AppealState['state'],
  created_at: row.created_at.toISOString(),
  decided_at: row.closed_at?.toISOString() ?? null,
  tier: row.tier as AppealState['tier'],
  granted_until: row.granted_until?.toISOString() ?? null,
});

const presentOwned = (row: AppealRow) => ({
  ...presentState(row),
  workspace_id: encodeId('wrk', row.workspace_id),
});
