// Statements on privacy.restriction and privacy.objection. Both hold few rows: they are kept by their open indexes.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { statement } from '#platform/statement';
import type { ProcessingSubject, RestrictionReason } from './subject.ts';

const INSERT_RESTRICTION = statement<{ id: string }>(
  'privacy.insert_restriction',
  'legal',
  `insert into privacy.restriction (id, subject_kind, subject_id, reason)
   values ($1::uuid, $2::text, $3::uuid, $4::text)
   on conflict (subject_kind, subject_id, reason) where until is null do nothing
   returning id`,
);

/** False when a restriction on this ground is open already. */
export const insertRestriction = async (
  tx: Tx,
  { kind, id }: ProcessingSubject,
  reason: RestrictionReason,
): Promise<boolean> => (await tx.exec(INSERT_RESTRICTION, [newId(), kind, id, reason])).length > 0;

const END_RESTRICTION = statement<{ id: string }>(
  'privacy.end_restriction',
  'legal',
  `update privacy.restriction
      set until = (select platform.clock())
    where subject_kind = $1::text
      and subject_id = $2::uuid
      and reason = $3::text
      and until is null
   returning id`,
);

export const endRestriction = async (
  tx: Tx,
  { kind, id }: ProcessingSubject,
  reason: RestrictionReason,
): Promise<boolean> => (await tx.exec(END_RESTRICTION, [kind, id, reason])).length > 0;

const FIND_RESTRICTED = statement<{ subject_id: string }>(
  'privacy.find_restricted',
  'legal',
  `select distinct subject_id
     from privacy.restriction
    where subject_kind = $1::text
      and subject_id = any($2::uuid[])
      and until is null`,
);

/** Which of these are restricted. */
export const selectRestricted = async (
  tx: Tx,
  kind: ProcessingSubject['kind'],
  ids: readonly string[],
): Promise<ReadonlySet<string>> =>
  new Set((await tx.exec(FIND_RESTRICTED, [kind, arrays.uuid(ids)])).map((row) => row.subject_id));

/** More restricted workspaces than this are not kept in the memory of a process. */
export const RESTRICTED_WORKSPACES_MAX = 100_000;

const LIST_RESTRICTED_WORKSPACES = statement<{ subject_id: string }>(
  'privacy.list_restricted_workspaces',
  'legal',
  `select distinct subject_id
     from privacy.restriction
    where subject_kind = 'workspace'
      and until is null
    limit ${RESTRICTED_WORKSPACES_MAX + 1}`,
);

/** Every restricted workspace; one more than the limit says that there are more. */
export const selectRestrictedWorkspaces = async (tx: Tx): Promise<string[]> =>
  (await tx.exec(LIST_RESTRICTED_WORKSPACES, [])).map((row) => row.subject_id);

const INSERT_OBJECTION = statement<{ id: string }>(
  'privacy.insert_objection',
  'legal',
  `insert into privacy.objection (id, subject_kind, subject_id, purpose)
   values ($1::uuid, $2::text, $3::uuid, $4::text)
   on conflict (subject_kind, subject_id, purpose) where until is null do nothing
   returning id`,
);

/** False when an objection to this purpose is open already. */
export const insertObjection = async (
  tx: Tx,
  { kind, id }: ProcessingSubject,
  purpose: string,
): Promise<boolean> => (await tx.exec(INSERT_OBJECTION, [newId(), kind, id, purpose])).length > 0;

const END_OBJECTION = statement<{ id: string }>(
  'privacy.end_objection',
  'legal',
  `update privacy.objection
      set until = (select platform.clock()), ended_as = $4::text
    where subject_kind = $1::text
      and subject_id = $2::uuid
      and purpose = $3::text
      and until is null
   returning id`,
);

export const endObjection = async (
  tx: Tx,
  { kind, id }: ProcessingSubject,
  purpose: string,
  endedAs: 'withdrawn' | 'overruled',
): Promise<boolean> => (await tx.exec(END_OBJECTION, [kind, id, purpose, endedAs])).length > 0;

const FIND_OBJECTIONS = statement<{ purpose: string }>(
  'privacy.find_objections',
  'legal',
  `select purpose
     from privacy.objection
    where subject_kind = $1::text
      and subject_id = $2::uuid
      and until is null`,
);

/** Purposes somebody objects to. */
export const selectObjections = async (
  tx: Tx,
  { kind, id }: ProcessingSubject,
): Promise<ReadonlySet<string>> =>
  new Set((await tx.exec(FIND_OBJECTIONS, [kind, id])).map((row) => row.purpose));
