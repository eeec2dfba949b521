import type pg from 'pg';

/** What an external database says about the archiving of its log. */
export interface ArchivingFacts {
  readonly walLevel: string;
  readonly archiveMode: string;
  readonly archived: number;
  readonly failed: number;
  /** Seconds since a segment was last archived; null when none was, or the counters were reset. */
  readonly ageSeconds: number | null;
  /** The last attempt failed. */
  readonly isFailing: boolean;
}

export async function readArchivingFacts(client: pg.ClientBase): Promise<ArchivingFacts> {
  const { rows } = await client.query<ArchivingFacts>(
    `select current_setting('wal_level') as "walLevel",
            current_setting('archive_mode') as "archiveMode",
            archived_count::integer as archived,
            failed_count::integer as failed,
            extract(epoch from (select platform.clock()) - last_archived_time)::integer as "ageSeconds",
            coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing"
       from pg_stat_archiver`,
  );
  return rows[0]!;
}
