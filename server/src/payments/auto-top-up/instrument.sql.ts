// Statements on payments.instrument: cards that the provider was asked to store.
import type { Selectable } from 'kysely';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { payments } from '../steward.ts';

const read = readerFor(payments);

const ALL = [
  'id',
  'workspace_id',
  'state',
  'external_id',
  'customer_id',
  'method_id',
  'request_digest',
  'created_at',
  'dropped_at',
] as const;

export type InstrumentRow = Pick<Selectable<DB['payments.instrument']>, (typeof ALL)[number]>;

export interface NewInstrument {
  readonly id: string;
  readonly workspace_id: string;
  readonly request_key: Buffer | null;
  readonly request_digest: Buffer | null;
}

/** Asks for one; the workspace must have asked for no other. */
export const insertInstrument = async (tx: Tx, row: NewInstrument): Promise<InstrumentRow> =>
  (await tx.run(q.insertInto('payments.instrument').values(row).returning(ALL)))[0]!;

const from = (tx: Tx) => read(tx, 'billing').selectFrom('payments.instrument');

export const findInstrument = async (tx: Tx, id: string): Promise<InstrumentRow | undefined> =>
  (await tx.run(from(tx).select(ALL).where('id', '=', id)))[0];

export const findInstrumentByPage = async (tx: Tx, externalId: string): Promise<InstrumentRow | undefined> =>
  (await tx.run(from(tx).select(ALL).where('external_id', '=', externalId)))[0];

export const findInstrumentByRequest = async (
  tx: Tx,
  workspaceId: string,
  key: Buffer,
): Promise<InstrumentRow | undefined> =>
  (
    await tx.run(from(tx).select(ALL).where('workspace_id', '=', workspaceId).where('request_key', '=', key))
  )[0];

/** The card in use, by instrument_one_stored. */
export const findStored = async (tx: Tx, workspaceId: string): Promise<InstrumentRow | undefined> =>
  (
    await tx.run(
      from(tx).select(ALL).where('workspace_id', '=', workspaceId).where('state', '=', 'stored').limit(1),
    )
  )[0];

/** Locked until the transaction ends; the lock of the workspace's auto_top_up is taken before. */
export const lockInstrument = async (tx: Tx, id: string): Promise<InstrumentRow | undefined> =>
  (await tx.run(from(tx).select(ALL).where('id', '=', id).forUpdate()))[0];

export const updateInstrument = async (
  tx: Tx,
  id: string,
  change: Partial<Pick<InstrumentRow, 'state' | 'external_id' | 'customer_id' | 'method_id'>>,
): Promise<void> => {
  await tx.run(q.updateTable('payments.instrument').set(change).where('id', '=', id));
};

/** Drops cards of workspaces, but for one; which. May be repeated: those that were dropped are not named again. */
export const dropInstruments = async (
  tx: Tx,
  workspaceIds: readonly string[],
  which: readonly ('asked' | 'stored')[] = ['asked', 'stored'],
): Promise<string[]> =>
  (
    await tx.run(
      q
        .updateTable('payments.instrument')
        .set({ state: 'dropped', dropped_at: DATABASE_CLOCK })
        .where('workspace_id', 'in', [...workspaceIds])
        .where('state', 'in', [...which])
        .returning('id'),
    )
  ).map(({ id }) => id);

export const deleteInstrument = async (tx: Tx, id: string): Promise<void> => {
  await tx.run(q.deleteFrom('payments.instrument').where('id', '=', id).where('state', '=', 'dropped'));
};

const COUNT = statement<{ cards: number }>(
  'payments.count_cards',
  'billing',
  `select count(*)::integer as cards
     from (
       select
         from payments.instrument
        where workspace_id = $1::uuid
        limit $2::integer) counted`,
);

/** Cards of a workspace that are asked for, in use or not forgotten yet, counted up to a limit; by instrument_of_workspace. */
export const countCards = async (tx: Tx, workspaceId: string, limit: number): Promise<number> =>
  (await tx.exec(COUNT, [workspaceId, limit]))[0]!.cards;

const QUIET = statement<{ id: string; external_id: string }>(
  'payments.find_quiet_cards',
  'billing',
  `select id, external_id
     from payments.instrument
    where state = 'asked'
      and external_id is not null
      and created_at <= (select platform.clock()) - make_interval(secs => $1::integer)
    order by created_at
    limit $2::integer`,
);

/** Cards asked for so long ago that a notice of theirs may have been lost; by instrument_asked. */
export const findQuietCards = (tx: Tx, seconds: number, limit: number) => tx.exec(QUIET, [seconds, limit]);

const LAPSED = statement<{ id: string; workspace_id: string }>(
  'payments.find_lapsed_cards',
  'billing',
  `select id, workspace_id
     from payments.instrument
    where state = 'asked'
      and created_at <= (select platform.clock()) - make_interval(secs => $1::integer)
    order by created_at
    limit $2::integer`,
);

/** Cards whose page is over; by instrument_asked. */
export const findLapsedCards = (tx: Tx, seconds: number, limit: number) => tx.exec(LAPSED, [seconds, limit]);

const UNDER_WAY = statement<{ id: string }>(
  'payments.find_card_payment',
  'billing',
  `select id
     from payments.payment
    where workspace_id = $1::uuid
      and instrument_id = $2::uuid
      and status in ('open', 'pending')
    limit 1`,
);

/** Whether a payment by this card has not ended, by payment_one_automatic. */
export const isUnderWay = async (tx: Tx, { workspace_id, id }: InstrumentRow): Promise<boolean> =>
  (await tx.exec(UNDER_WAY, [workspace_id, id])).length > 0;
