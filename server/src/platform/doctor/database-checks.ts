// What the doctor asks the database: settings, clock, migrations, partitions, work that nobody does.
import { readdirSync } from 'node:fs';
import pg from 'pg';
import type { Config } from '../config.ts';
import { MIGRATIONS_DIR } from '../db/migrate.ts';
import { readDatabaseFacts } from '../durability.sql.ts';
import { durabilityFaults } from '../durability.ts';
import { errorLabel } from '../log.ts';
import { appliedMigrations, hasRows, jobFacts, partitionFacts } from './database-checks.sql.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

const SKEW_WARNING_MS = 1_000;
const SKEW_FAULT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Looks at the database behind `url`, as its owner. Changes nothing. */
export async function databaseFindings(url: string, config: Config): Promise<Finding[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'sotto-doctor',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: 30_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    return [
      fault(
        'database',
        `The database does not answer (${errorLabel(error)}).`,
        'check that it runs, and SOTTO_DATABASE_URL with its host, port, user and password',
      ),
    ];
  }
  try {
    return [...(await settings(client, config)), ...(await contents(client, config))];
  } finally {
    await client.end();
  }
}

async function settings(client: pg.ClientBase, config: Config): Promise<Finding[]> {
  // Wall time of this process: its start by the machine's clock plus the steady time since.
  const before = performance.timeOrigin + performance.now();
  const facts = await readDatabaseFacts(client);
  const after = performance.timeOrigin + performance.now();
  const faults = durabilityFaults(facts, { production: config.production, unsafe: config.unsafeDurability });
  const skewMs = Math.max(0, before - facts.nowMs, facts.nowMs - after);
  return [
    ...(faults.length === 0
      ? [
          ok(
            'database',
            `PostgreSQL ${(facts.version / 10_000).toFixed(4).replace(/\.?0+/, '.')} keeps what it commits.`,
          ),
        ]
      : faults.map(({ setting, sentence, waysOut }) => fault(setting, sentence, waysOut.join(', or ')))),
    skewFinding(skewMs),
  ];
}

/** Decisions follow the database's clock alone; a large skew still misleads people who read logs. */
export function skewFinding(skewMs: number): Finding {
  const found = `This machine's clock and the database's differ by ${(skewMs / 1000).toFixed(1)} s.`;
  if (skewMs >= SKEW_FAULT_MS)
    return fault('clock', found, 'run a time service (chrony, systemd-timesyncd) on both');
  if (skewMs >= SKEW_WARNING_MS) return warning('clock', found, 'run a time service on both machines');
  return ok('clock', 'This machine and the database agree on the time.');
}

async function contents(client: pg.ClientBase, config: Config): Promise<Finding[]> {
  const applied = await appliedMigrations(client);
  const known = readdirSync(MIGRATIONS_DIR).filter((file) => file.endsWith('.sql')).length;
  const migrations = migrationFinding(applied, known);
  // Without the first migration there is nothing else to look at.
  if (applied === null || applied === 0) return [migrations];
  return [migrations, ...(await partitions(client)), ...(await jobs(client, config))];
}

export function migrationFinding(applied: number | null, known: number): Finding {
  if (applied === null) return ok('migrations', 'The database is new; the first start migrates it.');
  if (applied > known)
    return fault(
      'migrations',
      `The database is at migration ${applied}, this release knows ${known}.`,
      'start the newer release, or restore a backup made with this one',
    );
  if (applied < known)
    return warning(
      'migrations',
      `The database is at migration ${applied} of ${known}.`,
      'run: npx sotto migrate',
    );
  return ok('migrations', `All ${known} migrations are applied.`);
}

async function partitions(client: pg.ClientBase): Promise<Finding[]> {
  const facts = await partitionFacts(client);
  const behind = facts.filter(({ ahead }) => !ahead).map(({ parent }) => parent);
  const spilled: string[] = [];
  for (const { parent, fallback } of facts)
    if (fallback !== null && (await hasRows(client, fallback))) spilled.push(parent);
  return [
    behind.length === 0
      ? ok('partitions', `${facts.length} tables have partitions for the time to come.`)
      : fault(
          'partitions',
          `No partition for the time to come: ${behind.join(', ')}.`,
          'run: npx sotto migrate',
        ),
    spilled.length === 0
      ? ok('default-partitions', 'Every row is in the partition of its time.')
      : warning(
          'default-partitions',
          `Rows outside every partition: ${spilled.join(', ')}. They outlive their retention.`,
          'keep a worker running so that partitions are made in time; a clock that jumped may be the cause',
        ),
  ];
}

async function jobs(client: pg.ClientBase, config: Config): Promise<Finding[]> {
  const { dead, oldestSeconds } = await jobFacts(client);
  return [
    dead === 0
      ? ok('dead-letters', 'No job has used up its tries.')
      : warning(
          'dead-letters',
          `${dead} jobs have used up their tries.`,
          'look at them, then replay or discard them',
        ),
    oldestSeconds <= config.jobAgeMaxSeconds
      ? ok('jobs', 'Due jobs are done in time.')
      : warning(
          'jobs',
          `The oldest due job has waited ${Math.round(oldestSeconds)} s.`,
          'start a process with the role worker, or more of them',
        ),
  ];
}
