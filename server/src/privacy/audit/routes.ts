// The route by which administrators read the trail.
import { encodeId } from '@sotto/contract';
import { type AuditEntryAnswer, listAudit } from '@sotto/contract/admin/audit';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { type Call, type Route, reads } from '#platform/route';
import { type EntryRow, selectEntries } from './record.sql.ts';

export const auditRoutes = ({ db }: { readonly db: Database }): readonly Route[] => [
  reads(listAudit, async ({ query }: Call<typeof listAudit, unknown>) => {
    const rows = await db.batch((tx) =>
      selectEntries(tx, {
        action: query.action ?? null,
        after: instant(query.recorded_after),
        before: instant(query.recorded_before),
        below: positionOf(query.cursor),
        limit: query.limit + 1,
      }),
    );
    return pageAnswer(rows, query.limit, ({ id }) => id, present);
  }),
];

const instant = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text));

type Of<Field extends keyof AuditEntryAnswer> = AuditEntryAnswer[Field];

const present = (row: EntryRow): AuditEntryAnswer => ({
  id: encodeId('aud', row.id),
  recorded_at: row.recorded_at.toISOString(),
  action: row.action as Of<'action'>,
  outcome: row.outcome as Of<'outcome'>,
  actor: { kind: row.actor_kind as Of<'actor'>['kind'], pseudonym: shown(row.actor) },
  object:
    row.object_kind === null
      ? null
      : { kind: row.object_kind as NonNullable<Of<'object'>>['kind'], pseudonym: shown(row.object) },
  affected: row.affected,
  request_id: row.request === null ? null : encodeId('req', row.request),
  sequence: row.seq === null ? null : row.seq.toString(),
});

const shown = (pseudonym: Buffer | null): string | null => pseudonym?.toString('base64url') ?? null;
