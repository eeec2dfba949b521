// Reading texts that arrived, on behalf of their workspace: `tx` is a sotto_tenant transaction, in which row-level
// security shows nothing else.
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';

export interface InboundRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly e164: string;
  readonly sender: Buffer | null;
  readonly form: string;
  readonly content: Buffer | null;
  readonly segments: number;
  readonly complete: boolean;
  readonly received_at: Date;
  /** Its end has not come; whether the job has erased it or not. */
  readonly readable: boolean;
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const TEXTS = `select i.id, i.workspace_id, n.e164, i.sender, i.form, i.content, i.segments, i.complete, i.received_at,
          i.erased_at is null and coalesce(i.erase_by, 'infinity') > (select platform.clock()) as readable
     from numbers.inbound i
     join numbers.number n on n.id = i.number_id`;

const ONE = statement<InboundRow>(
  'numbers.get_inbound',
  'delivery',
  `${TEXTS}
    where i.workspace_id = $1::uuid
      and i.id = $2::uuid
      and ($3::text is null
           or (i.received_at at time zone 'UTC' + $3::interval) at time zone 'UTC' > (select platform.clock()))`,
);

/**
 * Newest first, by inbound_workspace. The bounds on time are also given as ids, an hour wider for clocks that differ,
 * so that days outside are pruned. What is kept no longer than $6 is not shown past it, to the second: PostgreSQL and
 * the limit count months alike, in UTC.
 */
const PAGE = statement<InboundRow>(
  'numbers.list_inbound',
  'delivery',
  `${TEXTS}
    where i.workspace_id = $1::uuid
      and i.id < coalesce($2::uuid, '${HIGHEST_ID}'::uuid)
      and i.id < coalesce(platform.id_floor($4::timestamptz + interval '1 hour'), '${HIGHEST_ID}'::uuid)
      and i.id >= coalesce(platform.id_floor($3::timestamptz - interval '1 hour'), '${LOWEST_ID}'::uuid)
      and i.received_at >= coalesce($3::timestamptz, '-infinity')
      and i.received_at < coalesce($4::timestamptz, 'infinity')
      and ($6::text is null
           or (i.received_at at time zone 'UTC' + $6::interval) at time zone 'UTC' > (select platform.clock()))
    order by i.id desc
    limit $5::integer`,
);

export interface InboundPage {
  /** Only texts whose id is below this one; null for the newest. */
  readonly before: string | null;
  readonly limit: number;
  /** This text alone; the bounds do not count then. */
  readonly only?: string;
  /** How many of them go out; the rest only tells that more follow. All when absent. */
  readonly given?: number;
  readonly receivedFrom?: Date;
  readonly receivedBefore?: Date;
  /** How long texts are kept, ISO 8601; not bounded when absent. */
  readonly keptFor?: string;
}

export const selectInbound = (tx: Tx, workspaceId: string, page: InboundPage): Promise<InboundRow[]> =>
  page.only !== undefined
    ? tx.exec(ONE, [workspaceId, page.only, page.keptFor ?? null])
    : tx.exec(PAGE, [
        workspaceId,
        page.before,
        page.receivedFrom ?? null,
        page.receivedBefore ?? null,
        page.limit,
        page.keptFor ?? null,
      ]);
