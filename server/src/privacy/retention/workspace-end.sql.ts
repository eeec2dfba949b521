// Statements that say a workspace is gone: its note, and the end of what it asked of processing.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

const NOTE = statement<never>(
  'privacy.note_ended_workspaces',
  'legal',
  `insert into privacy.ended_workspace (workspace_id)
   select unnest($1::uuid[])
       on conflict (workspace_id) do nothing`,
);

const CLOSE_RESTRICTIONS = statement<never>(
  'privacy.close_restrictions_of_workspaces',
  'legal',
  `update privacy.restriction
      set until = (select platform.clock())
    where subject_kind = 'workspace'
      and subject_id = any($1::uuid[])
      and until is null`,
);

const CLOSE_OBJECTIONS = statement<never>(
  'privacy.close_objections_of_workspaces',
  'legal',
  `update privacy.objection
      set until = (select platform.clock()), ended_as = 'subject_ended'
    where subject_kind = 'workspace'
      and subject_id = any($1::uuid[])
      and until is null`,
);

/** Notes the end and closes what stands, by restriction_open and objection_open; the first end of a workspace counts. */
export const noteEnded = (tx: Tx, workspaceIds: readonly string[]): Promise<unknown> =>
  Promise.all(
    [NOTE, CLOSE_RESTRICTIONS, CLOSE_OBJECTIONS].map((each) => tx.exec(each, [arrays.uuid(workspaceIds)])),
  );
