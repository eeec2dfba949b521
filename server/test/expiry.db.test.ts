// Retention as the whole platform has it: every context's handlers, the default policy, the recurring job.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createWorkspace } from '#accounts';
import { auditBooks, credit } from '#ledger';
import { NO_HANDOFF, startAcceptance } from '#messages';
import { lookUp } from '#platform/idempotency';
import { idTimeMs, newId } from '#platform/ids';
import { type AnyJob, JobRunner } from '#platform/jobs';
import { type Keyring, openKeyring, utcDay } from '#privacy';
import { SYSTEM } from '#privacy/audit';
import { acceptPolicy, attestAge, giveConsent, honourSignal } from '#privacy/consent';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { object, restrict } from '#privacy/processing';
import {
  type ExpiryOptions,
  expireDue,
  expireJob,
  liftLegalHold,
  limitsOf,
  listLegalHolds,
  placeLegalHold,
  retentionReport,
} from '#privacy/retention';
import { suppress } from '#privacy/suppressions';
import { expiryHandlers, keyDayUsers } from '../src/main/expiry-handlers.ts';
import { readPolicyFile } from '../src/main/policy/policy-file.ts';
import { tariffOver, UNRESTRICTED } from '../src/messages/test/arrange.ts';
import { limitsFrom } from '../src/privacy/retention/test/limits.ts';
import { useDatabase } from './harness.ts';

const at = useDatabase({ connections: 10 });
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let keyring: Keyring;
before(async () => {
  keyring = await openKeyring(openMemoryKeyStore());
});

const { policy } = await readPolicyFile('standard', { production: false, today: '2026-11-26' });
const standard = limitsOf(policy);
const options = (limits = standard): ExpiryOptions => ({
  db: at.db,
  keyring,
  limits,
  handlers: expiryHandlers(keyring),
  keyDayUsers,
  restFactor: 0,
});
async function run(limits = standard) {
  const done = await expireDue(options(limits), new AbortController().signal);
  if (done.failures.length > 0) throw done.failures[0];
  return done;
}

async function shop() {
  const workspaceId = (
    await at.db.batch((tx) =>
      createWorkspace(tx, keyring, { kind: 'organisation', name: 'Example', currency: 'EUR' }),
    )
  ).id;
  await at.db.batch((tx) =>
    credit(tx, 'top_up', { workspaceId, amountMicros: 1_000_000n, currency: 'EUR', key: 'first' }),
  );
  return { workspaceId, currency: 'EUR', test: true };
}

/** Accepts one message under a key of its own; it is a test message, whose life ends at once. */
async function accepted(submitter: Awaited<ReturnType<typeof shop>>) {
  const tariff = tariffOver([newId()]);
  const acceptance = startAcceptance({
    db: at.db,
    keyring,
    tariff: () => tariff,
    handoff: NO_HANDOFF,
    restrictions: UNRESTRICTED,
  });
  const key = { keyMac: Buffer.alloc(16, newId()), requestMac: Buffer.alloc(16, 1) };
  const { id } = await acceptance.acceptOne(
    submitter,
    { to: '+4915550000001', text: 'quince marmalade', class: 'transactional' },
    key,
  );
  return { id, key };
}
/** Every table of the installation. */
const tables = () =>
  at.sql<{ name: string }>(
    `select distinct format('%I.%I', c.table_schema, c.table_name) as name
       from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
      where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'sotto_test')`,
  );
const count = async (table: string, where: string, values: unknown[]) =>
  (await at.sql<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`, values))[0]!.n;

test('an answer kept for repeats keeps the key of its day alive, and that dies with the answer', async () => {
  const short = limitsFrom({ message_content: ['PT1H', 'delivered'], request: ['P2D', 'created'] });
  const submitter = await shop();
  const { id, key } = await accepted(submitter);
  const keyId = keyring.keyId({
    class: 'content_outbound',
    workspaceId: submitter.workspaceId,
    day: utcDay(idTimeMs(id)),
  });
  const answer = async () => {
    const [row] = await at.db.batch((tx) =>
      lookUp(tx, [{ scope: submitter.workspaceId, keyMac: key.keyMac }]),
    );
    return row;
  };
  const state = async (sealed: Buffer, rowId: string) => {
    keyring.evict([keyId]);
    await keyring.load([keyId]);
    const place = {
      column: 'platform.idempotency.answer',
      ownerId: submitter.workspaceId,
      rowId,
      keyId,
    } as const;
    return keyring.open(place, sealed).state;
  };
  const kept = (await answer())!;
  await at.advance(46 * HOUR_MS);
  await run(short);
  assert.equal(await count('messages.message', 'id = $1 and body is not null', [id]), 0);
  assert.equal(await state(kept.answer!, kept.id), 'open', 'the same request still gets the same answer');
  await at.advance(2 * HOUR_MS + 1_000);
  await run(short);
  assert.equal(await count('platform.idempotency', 'id = $1', [kept.id]), 0);
  await at.advance(25 * HOUR_MS);
  await run(short);
  assert.equal(await state(kept.answer!, kept.id), 'shredded');
});

test('a request’s key is there a second before its limit and gone a second after', async () => {
  const submitter = await shop();
  const { key } = await accepted(submitter);
  const known = () => at.db.batch((tx) => lookUp(tx, [{ scope: submitter.workspaceId, keyMac: key.keyMac }]));
  const [row] = await known();
  const [now] = await at.sql<{ now: Date }>('select platform.clock() as now');
  const end = idTimeMs(row!.id) + 2 * DAY_MS;
  await at.advance(end - now!.now.getTime() - 2_000);
  await run();
  assert.equal((await known()).length, 1);
  await at.advance(3_000);
  assert.equal((await known()).length, 0, 'hidden before the job runs');
  assert.equal(await count('platform.idempotency', 'id = $1', [row!.id]), 1);
  await run();
  assert.equal(await count('platform.idempotency', 'id = $1', [row!.id]), 0);
});

test('the recurring job ends what is past, and the report that follows finds nothing overdue', async () => {
  const submitter = await shop();
  const { id } = await accepted(submitter);
  await at.advance(4 * DAY_MS);
  const reports = await retentionReport(options());
  assert.ok(reports.find(({ key }) => key === 'message_content')!.overdue >= 1);
  const runner = new JobRunner({ db: at.db, jobs: expireJob(options()) as readonly AnyJob[] });
  await runner.ensureRecurring();
  await at.advance(60_000);
  assert.deepEqual(await runner.runDue(), ['finished', 'finished']);
  assert.equal(await count('messages.message', 'id = $1 and body is not null', [id]), 0);
  for (const { key, overdue } of await retentionReport(options())) assert.equal(overdue, 0, key);
});

test('of a workspace that is closed nothing is left after the longest limit, whatever held it', async () => {
  const submitter = await shop();
  await accepted(submitter);
  const { workspaceId } = submitter;
  await at.db.batch(async (tx) => {
    await giveConsent(
      tx,
      keyring,
      workspaceId,
      { subject: { kind: 'workspace' }, purpose: 'improve', policyHash: Buffer.alloc(32), method: 'form' },
      SYSTEM,
    );
    await honourSignal(tx, keyring, workspaceId, SYSTEM);
    await acceptPolicy(tx, workspaceId, Buffer.alloc(32), 'explicit');
    await attestAge(tx, workspaceId, true);
    await suppress(tx, keyring, '+4915550000001', {
      workspaceId,
      kind: 'stop',
      covers: 'marketing',
      source: 'recipient',
    });
    const subject = { kind: 'workspace', id: workspaceId } as const;
    await object(tx, subject, 'reliability', {});
    await restrict(tx, subject, 'needed_for_claims');
  });
  await at.sql('update accounts.workspace set closed_at = platform.clock() where id = $1', [
    submitter.workspaceId,
  ]);
  for (const days of [1, 4, 200, 800, 2_200]) {
    await at.advance(days * DAY_MS);
    await run();
    await run();
  }
  for (const { name } of await tables())
    assert.equal(await count(`${name} t`, 'position($1 in t::text) > 0', [submitter.workspaceId]), 0, name);
});

test('entries outlive the workspace they were of: they balance, and lead to nobody (R-LEDGER)', async () => {
  const { workspaceId } = await shop();
  const personId = newId();
  await at.sql(`insert into accounts.person (id, kind, closed_at) values ($1, 'device', platform.clock())`, [
    personId,
  ]);
  await at.sql(`insert into accounts.membership (workspace_id, person_id, role) values ($1, $2, 'owner')`, [
    workspaceId,
    personId,
  ]);
  await at.sql('update accounts.workspace set closed_at = platform.clock() where id = $1', [workspaceId]);
  await at.advance(40 * DAY_MS);
  await run();
  await run();
  assert.equal(await count('accounts.workspace', 'id = $1', [workspaceId]), 0);
  assert.deepEqual(await at.db.batch((tx) => auditBooks(tx)), []);
  assert.equal(await count('ledger.transaction', 'workspace_id = $1', [workspaceId]), 1);
  const holding: string[] = [];
  for (const { name } of await tables()) {
    assert.equal(await count(`${name} t`, 'position($1 in t::text) > 0', [personId]), 0, name);
    if ((await count(`${name} t`, 'position($1 in t::text) > 0', [workspaceId])) > 0) holding.push(name);
  }
  // Partitions carry their day in the name.
  for (const name of holding) assert.match(name, /^(ledger|privacy)\./, name);
});

test('a workspace that is erased leaves no consent to be charged, and its card waits for the provider alone', async () => {
  const [erased, kept] = [await shop(), await shop()];
  for (const { workspaceId } of [erased, kept]) {
    await at.sql(
      `insert into payments.auto_top_up (workspace_id, status, threshold, amount, monthly_cap) values ($1, 'on', 1, 1, 1)`,
      [workspaceId],
    );
    await at.sql(
      `insert into payments.instrument (id, workspace_id, state, customer_id, method_id)
       values (gen_random_uuid(), $1, 'stored', 'cus_1', 'pm_1')`,
      [workspaceId],
    );
  }
  await at.sql('update accounts.workspace set closed_at = platform.clock() where id = $1', [
    erased.workspaceId,
  ]);
  await at.advance(DAY_MS);
  await run();
  const left = async ({ workspaceId }: { workspaceId: string }) => [
    await count('payments.auto_top_up', 'workspace_id = $1', [workspaceId]),
    await count('payments.instrument', `workspace_id = $1 and state = 'stored'`, [workspaceId]),
    await count(
      'platform.job j',
      `name = 'payments.forget_card' and exists (
         select from payments.instrument i
          where i.workspace_id = $1 and i.state = 'dropped' and i.id = (j.payload->>'instrument_id')::uuid)`,
      [workspaceId],
    ),
  ];
  assert.deepEqual(
    [await left(erased), await left(kept)],
    [
      [0, 0, 1],
      [1, 1, 0],
    ],
  );
});

test('lifted legal holds are forgotten with the audit trail, standing ones never', async () => {
  const [one, two] = [newId(), newId()];
  const [lifted, standing] = await at.db.batch(async (tx) => [
    await placeLegalHold(tx, one, 'court_order'),
    await placeLegalHold(tx, two, 'court_order'),
  ]);
  assert.equal(await at.db.batch((tx) => liftLegalHold(tx, lifted!.id)), true);
  assert.equal(await at.db.batch((tx) => liftLegalHold(tx, lifted!.id)), false, 'once');
  await at.advance(740 * DAY_MS);
  await run();
  assert.equal(await count('privacy.legal_hold', 'id = $1', [lifted!.id]), 0);
  const left = await at.db.batch(listLegalHolds);
  assert.deepEqual(
    left.map(({ id }) => id),
    [standing!.id],
  );
});

test('a handler that fails does not keep the others from their work, and its rows go with the next run', async () => {
  const submitter = await shop();
  const { id } = await accepted(submitter);
  await at.advance(4 * DAY_MS);
  const broken = options();
  const done = await expireDue(
    {
      ...broken,
      handlers: broken.handlers.map((handler) =>
        handler.table === 'platform.idempotency'
          ? { ...handler, expire: () => Promise.reject(new Error('no lock in time')) }
          : handler,
      ),
    },
    new AbortController().signal,
  );
  assert.equal(done.failures.length, 1);
  assert.equal(done.complete, false);
  assert.equal(await count('messages.message', 'id = $1 and body is not null', [id]), 0);
  assert.ok((await count('platform.idempotency', 'scope = $1', [submitter.workspaceId])) > 0);
  await run();
  assert.equal(await count('platform.idempotency', 'scope = $1', [submitter.workspaceId]), 0);
});
