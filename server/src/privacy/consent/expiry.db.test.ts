// When decisions end: what is history goes a limit after it became so, the last word stays as long as its workspace, and
// nothing but retention deletes.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { SYSTEM } from '../audit/entry.ts';
import { openKeyring } from '../keys/cached-keyring.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { endOf } from '../retention/limit.ts';
import {
  endWorkspaces,
  expireDue,
  liftLegalHold,
  placeLegalHold,
  retentionReport,
} from '../retention/retention.ts';
import { expireAt } from '../retention/test/expire-at.ts';
import { limitsFrom } from '../retention/test/limits.ts';
import { acceptPolicy, attestAge } from './acceptance.ts';
import {
  type ConsentPurpose,
  type ConsentSubject,
  currentConsents,
  giveConsent,
  honourSignal,
  withdrawConsent,
} from './consents.ts';
import { consentExpiry } from './expiry.ts';

const LIMIT = 'P36M';
const HASH = Buffer.alloc(32, 7);
const ITSELF: ConsentSubject = { kind: 'workspace' };

describe('the end of decisions', () => {
  const at = useDatabase();
  const store = openMemoryKeyStore();
  let keyring: Keyring;
  before(async () => {
    keyring = await openKeyring(store);
  });
  const options = (batchRows = 500) => ({
    db: at.db,
    keyring,
    limits: limitsFrom({ consent: [LIMIT, 'consent_withdrawn'] }),
    handlers: consentExpiry,
    keyDayUsers: [],
    restFactor: 0,
    batchRows,
  });
  const run = async (batchRows?: number) => {
    const done = await expireDue(options(batchRows), new AbortController().signal);
    if (done.failures.length > 0) throw done.failures[0];
  };
  const give = async (
    workspaceId: string,
    more: { purpose?: ConsentPurpose; subject?: ConsentSubject; expiresAt?: Date; decidedAt?: Date } = {},
    keys = keyring,
  ) => {
    const given = await at.db.batch((tx) =>
      giveConsent(
        tx,
        keys,
        workspaceId,
        { purpose: 'improve', subject: ITSELF, policyHash: HASH, method: 'form', ...more },
        SYSTEM,
      ),
    );
    assert.ok(given.outcome === 'given');
    return given.receipt;
  };
  const withdraw = async (workspaceId: string, id: string) => {
    const withdrawn = await at.db.batch((tx) =>
      withdrawConsent(tx, keyring, workspaceId, id, 'form', SYSTEM),
    );
    assert.ok(withdrawn.outcome === 'withdrawn');
    return withdrawn.receipt;
  };
  const left = async (workspaceId: string) =>
    (
      await at.sql<{ id: string }>(
        'select id from privacy.consent_record where workspace_id = $1 order by id',
        [workspaceId],
      )
    ).map(({ id }) => id);
  const stateOf = async (workspaceId: string, purpose: ConsentPurpose = 'improve', keys = keyring) =>
    (await at.db.batch((tx) => currentConsents(tx, keys, workspaceId))).find(
      (state) => state.purpose === purpose,
    )!.state;
  const now = async () => (await at.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now;
  const endedAt = async (workspaceId: string) =>
    (
      await at.sql<{ ended_at: Date }>(
        'select ended_at from privacy.ended_workspace where workspace_id = $1',
        [workspaceId],
      )
    )[0]!.ended_at;
  const advanceTo = async (moment: Date, byMs: number) =>
    at.advance(moment.getTime() + byMs - (await now()).getTime());
  /** Ends what is due a second before the limit of what became history then, and a second after it. */
  async function around(history: Date, before: () => Promise<void>, after: () => Promise<void>) {
    const end = endOf(LIMIT, history);
    await advanceTo(end, 1_000);
    await expireAt(at.db, consentExpiry, LIMIT, new Date(end.getTime() - 1_000));
    await before();
    await run();
    await after();
  }

  test('a withdrawn consent is there a second before its limit and gone a second after, with its withdrawal', async () => {
    const shop = newId();
    const { id } = await give(shop);
    await at.advance(400 * 86_400_000);
    const withdrawal = await withdraw(shop, id);
    await around(
      withdrawal.decidedAt,
      async () => assert.deepEqual(await left(shop), [id, withdrawal.id]),
      async () => assert.deepEqual(await left(shop), []),
    );
    assert.equal(await stateOf(shop), 'never_asked');
  });

  test('an expired consent counts from its expiry', async () => {
    const shop = newId();
    const expiresAt = new Date((await now()).getTime() + 86_400_000);
    const { id } = await give(shop, { expiresAt });
    await around(
      expiresAt,
      async () => assert.deepEqual(await left(shop), [id]),
      async () => assert.deepEqual(await left(shop), []),
    );
  });

  test('an answered consent counts from when the newer one was recorded, however far that is dated back', async () => {
    const shop = newId();
    const first = await give(shop);
    await at.advance(86_400_000);
    const second = await give(shop, { decidedAt: new Date('2001-01-01') });
    await around(
      second.recordedAt,
      async () => assert.deepEqual(await left(shop), [first.id, second.id]),
      async () => assert.deepEqual(await left(shop), [second.id], 'the newer one stands'),
    );
    await at.advance(4_000 * 86_400_000);
    await run();
    assert.equal(await stateOf(shop), 'given', 'a consent that stands outlives the limit');
  });

  test('an objection that is the last word outlives the limit, and with its workspace it ends', async () => {
    const shop = newId();
    await at.db.batch((tx) => honourSignal(tx, keyring, shop, SYSTEM));
    await at.advance(4_000 * 86_400_000);
    await run();
    assert.equal(await stateOf(shop, 'sale_sharing'), 'objected');
    await at.db.batch((tx) => endWorkspaces(tx, [shop]));
    await around(
      await endedAt(shop),
      async () => assert.equal((await left(shop)).length, 1),
      async () => assert.deepEqual(await left(shop), []),
    );
  });

  test('a withdrawal takes along the consents it answers, however small the batch, and none comes back', async () => {
    const shop = newId();
    const first = await give(shop);
    await give(shop);
    await give(shop, { purpose: 'analytics' });
    const { decidedAt } = await withdraw(shop, first.id);
    assert.equal(await stateOf(shop), 'withdrawn');
    await advanceTo(endOf(LIMIT, decidedAt), 1_000);
    // One batch at a time: in no state between is the purpose given again.
    for (let batch = 0; batch < 4; batch += 1) {
      await expireAt(at.db, [consentExpiry[0]], LIMIT, await now(), 1);
      assert.notEqual(await stateOf(shop), 'given', `batch ${batch}`);
    }
    assert.equal(await stateOf(shop), 'never_asked');
    assert.equal(await stateOf(shop, 'analytics'), 'given', 'another purpose is another record');
  });

  test('a consent under an older epoch of the index is answered by one under the newer, and withdrawn with it', async () => {
    const shop = newId();
    const subject = { kind: 'recipient', number: '+4915552000099' } as const;
    const older = await give(shop, { subject, purpose: 'marketing' });
    const after = await openKeyring(store, { indexEpochs: [2, 1] });
    const newer = await give(shop, { subject, purpose: 'marketing' }, after);
    assert.notDeepEqual(newer.pseudonym, older.pseudonym);
    const { decidedAt } = await withdraw(shop, older.id);
    await around(
      decidedAt,
      async () => assert.equal((await left(shop)).length, 3),
      async () => assert.deepEqual(await left(shop), []),
    );
  });

  test('acceptances and what was said about age go a limit after their workspace ended, and not before', async () => {
    const [shop, other] = [newId(), newId()];
    for (const id of [shop, other]) {
      await at.db.batch(async (tx) => {
        await acceptPolicy(tx, id, HASH, 'explicit');
        await attestAge(tx, id, true);
      });
    }
    await give(shop);
    await at.advance(4_000 * 86_400_000);
    await run();
    const rows = async (id: string) =>
      (
        await at.sql<{ n: number }>(
          `select (select count(*) from privacy.acceptance where workspace_id = $1)
                + (select count(*) from privacy.age_attestation where workspace_id = $1)
                + (select count(*) from privacy.consent_record where workspace_id = $1)
                + (select count(*) from privacy.ended_workspace where workspace_id = $1) as n`,
          [id],
        )
      )[0]!.n;
    assert.equal(Number(await rows(shop)), 3, 'it lives');
    await at.db.batch((tx) => endWorkspaces(tx, [shop]));
    await at.db.batch((tx) => endWorkspaces(tx, [shop]));
    await around(
      await endedAt(shop),
      async () => assert.equal(Number(await rows(shop)), 4),
      async () => {
        await run();
        assert.equal(Number(await rows(shop)), 0);
      },
    );
    assert.equal(Number(await rows(other)), 2);
  });

  test('a legal hold keeps all of its workspace, the report counts it, and lifted it goes', async () => {
    const shop = newId();
    const { id } = await give(shop);
    await withdraw(shop, id);
    await at.db.batch((tx) => acceptPolicy(tx, shop, HASH, 'explicit'));
    await at.db.batch((tx) => endWorkspaces(tx, [shop]));
    const hold = await at.db.batch((tx) => placeLegalHold(tx, shop, 'court_order'));
    await at.advance(1_200 * 86_400_000);
    const reported = async () => (await retentionReport(options())).find(({ key }) => key === 'consent')!;
    await run();
    assert.equal((await left(shop)).length, 2);
    assert.deepEqual([(await reported()).held, (await reported()).overdue], [3, 0]);
    await at.db.batch((tx) => liftLegalHold(tx, hold.id));
    assert.deepEqual([(await reported()).held, (await reported()).overdue], [0, 3]);
    await run();
    await run();
    assert.deepEqual(await left(shop), []);
    assert.equal((await reported()).overdue, 0);
  });

  test('nobody deletes, changes or dates a decision but retention, and retention nothing that has not ended', async () => {
    const shop = newId();
    const { id } = await give(shop);
    await at.db.batch((tx) => acceptPolicy(tx, shop, HASH, 'explicit'));
    await at.sql('set role sotto_batch');
    try {
      for (const text of [
        'delete from privacy.consent_record',
        'delete from privacy.consent_life',
        `update privacy.consent_life set ended_at = '2001-01-01'`,
        'delete from privacy.acceptance',
        'delete from privacy.age_attestation',
        'delete from privacy.ended_workspace',
        `insert into privacy.ended_workspace (workspace_id, ended_at) values (gen_random_uuid(), '2001-01-01')`,
        `insert into privacy.consent_record (id, recorded_at) values (gen_random_uuid(), '2001-01-01')`,
      ]) {
        await assert.rejects(at.sql(text), /permission denied/, text);
      }
      for (const each of ['end_consents', 'forget_workspaces']) {
        await assert.rejects(
          at.sql(`select privacy.${each}(platform.clock() + interval '1 day', '{}', 500)`),
          /has not ended yet/,
        );
        await at.sql(`select privacy.${each}(platform.clock(), '{}', 500)`);
      }
    } finally {
      await at.sql('reset role');
    }
    await assert.rejects(at.sql('delete from privacy.acceptance'), /append-only/);
    await at.sql(`set privacy.ending = 'on'`);
    await assert.rejects(at.sql(`update privacy.consent_record set decision = 'given'`), /append-only/);
    await at.sql('reset privacy.ending');
    assert.deepEqual(await left(shop), [id]);
  });

  test('an answer to somebody else’s record ends nothing', async () => {
    const [shop, other] = [newId(), newId()];
    const { id } = await give(shop);
    await at.sql(
      `insert into privacy.consent_record
         (id, workspace_id, subject_kind, subject, purpose, decision, method, policy_hash, answers, decided_at)
       select $2, $3, subject_kind, subject, purpose, decision, method, policy_hash, id, platform.clock()
         from privacy.consent_record where id = $1`,
      [id, newId(), other],
    );
    const [life] = await at.sql('select ended_at from privacy.consent_life where record_id = $1', [id]);
    assert.deepEqual(life, { ended_at: null });
  });

  test('a batch finds what is due by an index', async () => {
    await at.sql('set enable_seqscan = off');
    const lines = await at.sql<{ 'QUERY PLAN': string }>(
      `explain select record_id from privacy.consent_life where ended_at <= platform.clock() order by ended_at limit 500`,
    );
    assert.match(lines.map((line) => line['QUERY PLAN']).join('\n'), /Index Scan using consent_life_ended/);
    await at.sql('reset enable_seqscan');
  });
});
