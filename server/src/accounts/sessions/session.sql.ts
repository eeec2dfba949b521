// Statements on accounts.session. Only the look-up of authentication is hot.
import type { Selectable } from 'kysely';
import { arrays } from '#platform/arrays';
import { q, type Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { DB } from '#platform/tables';
import { DATABASE_CLOCK, readerFor } from '#privacy/reading';
import { accounts } from '../steward.ts';

const read = readerFor(accounts);
const COLUMNS = [
  'id',
  'person_id',
  'strength',
  'created_at',
  'authenticated_at',
  'last_seen_at',
  'idle_seconds',
  'expires_at',
  'ended_at',
] as const;

export type SessionRow = Pick<Selectable<DB['accounts.session']>, (typeof COLUMNS)[number]>;

/** What authentication needs to know of a session. */
export interface SessionFactsRow {
  readonly id: string;
  readonly person_id: string;
  readonly strength: string;
  readonly ended: boolean;
  /** Milliseconds until it ends by itself; zero or less when it has. */
  readonly lives_ms: number;
  readonly authenticated_ms: number;
  /** It was last seen long enough ago to be noted again. */
  readonly use_is_stale: boolean;
  readonly personal_workspace_id: string | null;
  readonly staff_role: string | null;
  readonly member_of: string[];
  readonly member_roles: string[];
  readonly member_currencies: string[];
}

/** A sixth of the idle time, at most ten minutes: nobody is thrown out because a use was not yet noted. */
const USE_PRECISION = `least(interval '10 minutes', s.idle_seconds * interval '1 second' / 6)`;
const MEMBERS = `accounts.membership m join accounts.workspace w on w.id = m.workspace_id
             where m.person_id = p.id and w.closed_at is null order by m.workspace_id limit 100`;

/** By the unique index on secret_hash; one candidate for each epoch of the hash key. */
export const SESSION_BY_HASH = statement<SessionFactsRow>(
  'accounts.find_session_facts',
  'security',
  `select s.id,
          s.person_id,
          s.strength,
          s.ended_at is not null or p.closed_at is not null as ended,
          (extract(epoch from least(s.expires_at, s.last_seen_at + s.idle_seconds * interval '1 second')
                              - (select platform.clock())) * 1000)::float8 as lives_ms,
          (extract(epoch from (select platform.clock()) - s.authenticated_at) * 1000)::float8 as authenticated_ms,
          s.last_seen_at <= (select platform.clock()) - ${USE_PRECISION} as use_is_stale,
          p.personal_workspace_id,
          g.role as staff_role,
          array(select m.workspace_id::text from ${MEMBERS}) as member_of,
          array(select m.role from ${MEMBERS}) as member_roles,
          array(select w.currency from ${MEMBERS}) as member_currencies
     from accounts.session s
     join accounts.person p on p.id = s.person_id
     left join accounts.staff_grant g on g.person_id = p.id
    where s.secret_hash = any($1::bytea[])
    limit 1`,
);

/** Several processes may note one use; the later ones then find nothing to do. A session that is over stays so. */
export const NOTE_SESSION_USES = statement<{ id: string; personal_workspace_id: string | null }>(
  'accounts.note_session_uses',
  'security',
  `update accounts.session s
      set last_seen_at = (select platform.clock())
     from (select id from accounts.session where id = any($1::uuid[]) order by id for no key update) used,
          accounts.person p
    where s.id = used.id
      and p.id = s.person_id
      and s.ended_at is null
      and s.last_seen_at <= (select platform.clock()) - ${USE_PRECISION}
      and s.last_seen_at + s.idle_seconds * interval '1 second' > (select platform.clock())
   returning s.id, p.personal_workspace_id`,
);

const INSERT = statement<SessionRow>(
  'accounts.insert_session',
  'security',
  `insert into accounts.session (id, person_id, secret_hash, strength, idle_seconds, expires_at)
   values ($1::uuid, $2::uuid, $3::bytea, $4::text, $5::integer,
           (select platform.clock()) + $6::integer * interval '1 second')
   returning id, person_id, strength, created_at, authenticated_at, last_seen_at, idle_seconds, expires_at, ended_at`,
);

export async function insertSession(
  tx: Tx,
  row: Pick<SessionRow, 'id' | 'person_id' | 'strength' | 'idle_seconds'> & {
    readonly secret_hash: Buffer;
    readonly lasts_seconds: number;
  },
): Promise<SessionRow> {
  const values = [row.id, row.person_id, row.secret_hash, row.strength, row.idle_seconds, row.lasts_seconds];
  return (await tx.exec(INSERT, values))[0]!;
}

/** Living sessions of a person, newest first, along session_person. */
export function selectSessionPage(
  tx: Tx,
  personId: string,
  before: string | null,
  limit: number,
): Promise<SessionRow[]> {
  const page = read(tx, 'security')
    .selectFrom('accounts.session')
    .select(COLUMNS)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', DATABASE_CLOCK)
    .orderBy('id', 'desc')
    .limit(limit);
  return tx.run(before === null ? page : page.where('id', '<', before));
}

/** Ends one session of a person and keeps the first end; undefined when they have no such session. */
export async function endSession(tx: Tx, personId: string, id: string): Promise<SessionRow | undefined> {
  const [row] = await tx.run(
    q
      .updateTable('accounts.session')
      .set((eb) => ({ ended_at: eb.fn.coalesce('ended_at', DATABASE_CLOCK) }))
      .where('id', '=', id)
      .where('person_id', '=', personId)
      .returning(COLUMNS),
  );
  return row;
}

const END_BY_HASH = statement<{ id: string }>(
  'accounts.end_session_by_hash',
  'security',
  `update accounts.session
      set ended_at = (select platform.clock())
    where secret_hash = any($1::bytea[])
      and ended_at is null
   returning id`,
);

/** Ends the session of a token; undefined when it has none that lives. By the unique index on secret_hash. */
export const endByHash = async (tx: Tx, hashes: readonly Buffer[]): Promise<string | undefined> =>
  (await tx.exec(END_BY_HASH, [arrays.bytea(hashes)]))[0]?.id;

const END_LIVING = statement<{ id: string }>(
  'accounts.end_living_session',
  'security',
  `update accounts.session
      set ended_at = (select platform.clock())
    where id = $1::uuid
      and person_id = $2::uuid
      and ended_at is null
   returning id`,
);

/** Ends a session that has not ended; false when it has: of many at once, one ends it. */
export const endLivingSession = async (tx: Tx, personId: string, id: string): Promise<boolean> =>
  (await tx.exec(END_LIVING, [id, personId])).length === 1;

const END_ALL = statement<{ id: string }>(
  'accounts.end_sessions_of_people',
  'security',
  `update accounts.session
      set ended_at = (select platform.clock())
    where person_id = any($1::uuid[])
      and id is distinct from $2::uuid
      and ended_at is null
   returning id`,
);

/** Ends every session of these people but one (null: all); their ids. By session_person. */
export const endSessions = async (
  tx: Tx,
  personIds: readonly string[],
  but: string | null,
): Promise<string[]> => (await tx.exec(END_ALL, [arrays.uuid(personIds), but])).map((row) => row.id);
