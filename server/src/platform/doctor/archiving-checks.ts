// Whether an external database can be restored to a moment: by a base backup, which its owner takes and Sotto cannot
// see, and by its archived log, of which it says something itself.
import pg from 'pg';
import { type ArchivingFacts, readArchivingFacts } from './archiving-checks.sql.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** With `archive_timeout` at its usual minutes, a silent archive is broken after this long. */
const AGE_WARNING_SECONDS = 3_600;

/** Looks at the database behind `url`. Changes nothing. Rejects when it does not answer. */
export async function archivingFindings(url: string): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-doctor' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return describeArchiving(await readArchivingFacts(client));
  } finally {
    await client.end();
  }
}

/** The findings for what the database said. */
export function describeArchiving(facts: ArchivingFacts): Finding[] {
  return [
    facts.walLevel === 'minimal'
      ? fault(
          'wal-level',
          'wal_level is minimal: no backup can be taken of it while it runs.',
          'set wal_level = replica',
        )
      : ok('wal-level', `wal_level is ${facts.walLevel}.`),
    archive(facts),
    warning(
      'base-backup',
      'When the last base backup was taken is unknown: the database does not keep it.',
      'watch it where it is taken, and restore it as a drill (docs/runbooks/backup-and-restore.md)',
    ),
  ];
}

function archive({ archiveMode, archived, failed, ageSeconds, isFailing }: ArchivingFacts): Finding {
  if (archiveMode === 'off') {
    return warning(
      'log-archive',
      'The log is not archived by the database (archive_mode = off); if pg_receivewal does it, its age is unknown.',
      'set archive_mode = on with an archive_command, or watch pg_receivewal where it runs',
    );
  }
  if (isFailing) {
    return fault(
      'log-archive',
      `Archiving fails: ${failed} times so far, also the last one.`,
      'read the log of the database, and repair archive_command',
    );
  }
  if (ageSeconds === null) {
    return warning(
      'log-archive',
      'How old the archived log is, is unknown: nothing was archived since the counters were set to zero.',
      'run on it: select pg_switch_wal(); and look again',
    );
  }
  const found = `${archived} segments were archived, the last one ${ageSeconds} s ago.`;
  return ageSeconds > AGE_WARNING_SECONDS
    ? warning('log-archive', found, 'set archive_timeout, so that little is lost when little is written')
    : ok('log-archive', found);
}
