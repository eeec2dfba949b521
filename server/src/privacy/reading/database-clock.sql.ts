// The one piece of raw SQL a reader takes: the database's time, which names no column.
import { sql } from 'kysely';

export const CLOCK_SQL = '(select platform.clock())';

/** The database's time, one instant a statement, for comparisons and assignments in Kysely queries. */
export const DATABASE_CLOCK = sql<Date>`(select platform.clock())`;
