// What the product assumes of its database, checked at every start: what was committed survives a crash, texts are
// Unicode, nobody replaced the clock. A 2xx means "it is on disk", so a database that cannot promise that is
// refused (architecture.md, Rules).
import type { Database } from './db/database.ts';
import { type DatabaseFacts, readDatabaseFacts } from './durability.sql.ts';
import { Refusal } from './errors.ts';

export interface DurabilityOptions {
  readonly production: boolean;
  /** SOTTO_UNSAFE_DURABILITY: tests run without fsync; production never does (config refuses it). */
  readonly unsafe: boolean;
}

const VERSION_MIN = 180_000;
const VERSION_END = 190_000;
/** The body of platform.clock() as its migration makes it. */
const OWN_CLOCK = 'RETURN statement_timestamp()';

/** One thing the database is not, with the ways to make it so. */
export interface DurabilityFault {
  readonly setting: string;
  readonly sentence: string;
  readonly waysOut: readonly string[];
}

/** Checks the database that `db` reaches, as its sessions see it. Throws one Refusal that lists all faults. */
export async function assertDurable(db: Database, options: DurabilityOptions): Promise<void> {
  const client = await db.connection();
  let facts: DatabaseFacts;
  try {
    facts = await readDatabaseFacts(client);
  } finally {
    client.release();
  }
  const faults = durabilityFaults(facts, options);
  if (faults.length === 0) return;
  throw new Refusal(
    faults.map(({ sentence }) => sentence).join('\n'),
    faults.flatMap(({ waysOut }) => waysOut),
  );
}

/** The faults of a database, in order of weight. Pure. */
export function durabilityFaults(facts: DatabaseFacts, options: DurabilityOptions): DurabilityFault[] {
  const faults: DurabilityFault[] = [];
  const major = Math.floor(facts.version / 10_000);
  if (facts.version < VERSION_MIN || facts.version >= VERSION_END) {
    faults.push({
      setting: 'server_version',
      sentence: `The database is PostgreSQL ${major}; this release needs PostgreSQL 18.`,
      waysOut: ['upgrade the server with pg_upgrade', 'unset SOTTO_DATABASE_URL to use the embedded one'],
    });
  }
  if (facts.replica || facts.readOnly === 'on') {
    faults.push({
      setting: 'pg_is_in_recovery',
      sentence: 'The database is a replica or read-only: nothing can be stored there.',
      waysOut: [
        'point SOTTO_DATABASE_URL at the primary, or add target_session_attrs=read-write and every host to it',
      ],
    });
  }
  if (facts.encoding !== 'UTF8') {
    faults.push({
      setting: 'server_encoding',
      sentence: `The database's encoding is ${facts.encoding}; texts need UTF8.`,
      waysOut: ["make another one: create database sotto encoding 'UTF8' template template0"],
    });
  }
  if (!options.unsafe) faults.push(...lossy(facts));
  if (options.production && facts.clock !== null && facts.clock.trim() !== OWN_CLOCK) {
    faults.push({
      setting: 'platform.clock',
      sentence: 'The function platform.clock() has been replaced: every decision about time would follow it.',
      waysOut: [
        'restore it: create or replace function platform.clock() returns timestamptz language sql stable parallel safe return statement_timestamp()',
        'use a database that no test has used',
      ],
    });
  }
  return faults;
}

function lossy(facts: DatabaseFacts): DurabilityFault[] {
  const must = (
    setting: string,
    found: string,
    accepted: readonly string[],
    risk: string,
  ): DurabilityFault[] =>
    accepted.includes(found)
      ? []
      : [
          {
            setting,
            sentence: `The database runs with ${setting}=${found}: ${risk}.`,
            waysOut: [
              `alter system set ${setting} = on, reload the server, and look for settings of the role or database`,
              'unset SOTTO_DATABASE_URL to use the embedded database, which has it on',
            ],
          },
        ];
  return [
    ...must('fsync', facts.fsync, ['on'], 'a crash can destroy everything'),
    ...must(
      'synchronous_commit',
      facts.synchronousCommit,
      // remote_apply is stronger than on; off, local and remote_write promise less where a standby counts.
      ['on', 'remote_apply'],
      'a crash can lose what was answered with 2xx',
    ),
    ...must('full_page_writes', facts.fullPageWrites, ['on'], 'a crash can leave torn pages'),
  ];
}
