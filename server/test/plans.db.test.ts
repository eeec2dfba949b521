// Prepared plans outlive the day they were made on: made while a day's partitions are empty, kept while they fill.
// So the plan that a statement keeps must go through an index on every table that grows, whatever its size is now.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { PLANNER_SETTINGS } from '../src/platform/db/database.ts';
import { registeredStatements } from '../src/platform/db/statement.ts';
import { useDatabase } from './harness.ts';

const database = useDatabase({ connections: 1 });

/** Tables without a bound; partitions carry their parent's name and a day. */
const GROWING =
  /Seq Scan on ((message|part|hold|entry|transaction|idempotency|inbound|audit_entry|audit_link|usage_count|error_report)_(\d{6,8}|default)|queue|job|outbox|parked_receipt|api_key|audit_pending|suppression|consent_record|bucket|payment|takeback|notice|early_fact|subscription|plan_subscription|bank_transfer|promo_code|redemption|referral_code|referral|balance_watch|auto_top_up|instrument|invoice|billing_details)\b/;

/** Statements that read a whole table on purpose, each with its reason. */
const READS_ALL: Readonly<Record<string, string>> = {
  'ledger.find_faults': 'the audit of the books adds up every entry',
  'accounts.revoke_seeded_keys': 'development only, once a start',
};

async function keptPlan(client: pg.Client, name: string, text: string): Promise<string[]> {
  const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
  const prepared = `plan_${name.replaceAll('.', '_')}`.slice(0, 60);
  await client.query(`prepare ${prepared} as ${text}`);
  const values = parameters === 0 ? '' : `(${Array(parameters).fill('null').join(', ')})`;
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `explain (costs off) execute ${prepared}${values}`,
  );
  return rows.map((row) => row['QUERY PLAN']);
}

async function asBatch<T>(settings: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: database.url,
    options: `-c role=sotto_batch -c plan_cache_mode=force_generic_plan ${settings}`,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

test('the plan that every statement keeps reads growing tables through an index', async () => {
  const source = resolve(import.meta.dirname, '../src');
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.sql.ts')) await import(pathToFileURL(join(source, file)).href);
  }
  const faults = await asBatch(PLANNER_SETTINGS, async (client) => {
    const found: string[] = [];
    for (const { name, text } of registeredStatements()) {
      if (name in READS_ALL) continue;
      const scans = (await keptPlan(client, name, text)).filter((line) => GROWING.test(line));
      if (scans.length > 0) found.push(`${name}: ${scans[0]!.trim()}`);
    }
    return found;
  });
  assert.deepEqual(faults, [], `\n${faults.join('\n')}\n`);
  assert.ok(registeredStatements().length > 50);
});

test('the check bites: a statement without an index is found, also with scans off', () =>
  asBatch(PLANNER_SETTINGS, async (client) => {
    const plan = await keptPlan(
      client,
      'test.unindexed',
      'select q.attempts from messages.queue q where q.attempts = $1',
    );
    assert.ok(plan.some((line) => GROWING.test(line)));
  }));
