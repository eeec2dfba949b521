// When a workspace was used last, to the day.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const NOTE = statement<never>(
  'accounts.note_activity',
  'service',
  `update accounts.workspace
      set last_active_on = ((select platform.clock()) at time zone 'UTC')::date
    where id = any($1::uuid[])
      and last_active_on < ((select platform.clock()) at time zone 'UTC')::date`,
);

/** Notes that these workspaces are in use: at most one write a workspace and day. Uses of keys are noted with them. */
export const noteActivity = (tx: Tx, workspaceIds: readonly string[]) =>
  tx.exec(NOTE, [arrays.uuid(workspaceIds)]);
