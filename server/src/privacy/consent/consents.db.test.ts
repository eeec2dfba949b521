// The ledger of consent: records that never change, a state that follows from the newest, and a signal that counts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createConsent,
  getCurrentConsents,
  listConsents,
  withdrawConsent as withdrawOperation,
} from '@sotto/contract/consents';
import { useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { acceptanceOf, acceptPolicy, ageAttestationOf, attestAge } from './acceptance.ts';
import { currentConsents } from './consents.ts';

const POLICY = '0f'.repeat(32);
const GPC = { headers: { 'sec-gpc': '1' } };

describe('the ledger of consent', () => {
  const app = useApi();
  const asShop = (operation: Parameters<typeof callOperation>[1], request: object = {}) =>
    callOperation(app.server, operation, { token: app.shop.token, ...request });
  const give = async (body: object = {}) =>
    (await asShop(createConsent, { body: { purpose: 'marketing', policy_hash: POLICY, ...body } })).body;
  const stateOf = async (purpose: string) =>
    (await asShop(getCurrentConsents)).body.data.find(
      (each: { purpose: string }) => each.purpose === purpose,
    );
  const now = async () =>
    (await app.database.sql<{ now: Date }>('select platform.clock() as now'))[0]!.now.getTime();

  test('a purpose nobody was asked about is not consented to', async () => {
    const { data, global_privacy_control: signal } = (await asShop(getCurrentConsents)).body;
    assert.equal(data.length, 5);
    assert.ok(data.every(({ state }: { state: string }) => state === 'never_asked'));
    assert.deepEqual(signal, { signalled: false, opted_out: false });
  });

  test('consent is a receipt with purpose, policy, method and time, and stands until it is withdrawn', async () => {
    const receipt = await give({ method: 'form' });
    assert.deepEqual(
      [receipt.purpose, receipt.decision, receipt.method, receipt.policy_hash, receipt.withdrawn_by],
      ['marketing', 'given', 'form', POLICY, null],
    );
    assert.equal(receipt.subject.kind, 'workspace');
    assert.deepEqual(
      [(await stateOf('marketing')).state, (await stateOf('marketing')).receipt_id],
      ['given', receipt.id],
    );
    assert.equal((await stateOf('analytics')).state, 'never_asked', 'one purpose is not another');
    const withdrawal = (await asShop(withdrawOperation, { id: receipt.id, body: {} })).body;
    assert.deepEqual([withdrawal.decision, withdrawal.withdraws], ['withdrawn', receipt.id]);
    assert.deepEqual(withdrawal.subject, receipt.subject);
    assert.equal((await stateOf('marketing')).state, 'withdrawn');
    const listed = (await asShop(listConsents)).body.data;
    assert.deepEqual(
      listed.map(({ id, withdrawn_by }: { id: string; withdrawn_by: string | null }) => [id, withdrawn_by]),
      [
        [withdrawal.id, null],
        [receipt.id, withdrawal.id],
      ],
    );
  });

  test('withdrawing again, also at once, answers the one withdrawal; a withdrawal is not withdrawn', async () => {
    const { id } = await give({ purpose: 'improve' });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => asShop(withdrawOperation, { id, body: { method: 'form' } })),
    );
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1, answers[0]!.text);
    const refused = await asShop(withdrawOperation, { id: answers[0]!.body.id, body: {} });
    assert.deepEqual([refused.status, refused.body.code], [409, 'conflict']);
  });

  test('consent ends at its time, and can be given again', async () => {
    const end = (await now()) + 60_000;
    await give({ purpose: 'analytics', expires_at: new Date(end).toISOString() });
    assert.equal((await stateOf('analytics')).state, 'given');
    await app.database.advance(60_001);
    assert.equal((await stateOf('analytics')).state, 'expired');
    await give({ purpose: 'analytics' });
    assert.equal((await stateOf('analytics')).state, 'given');
  });

  test('what cannot have been given is refused with its field', async () => {
    const at = async (ms: number) => new Date((await now()) + ms).toISOString();
    const cases = [
      [{ decided_at: await at(60_000) }, 'decided_at'],
      [{ expires_at: await at(-60_000) }, 'expires_at'],
      [{ purpose: 'analytics', recipient: '+4915123456789' }, 'purpose'],
      [{ policy_hash: 'the-latest' }, 'policy_hash'],
      [{ method: 'signal' }, 'method'],
    ] as const;
    for (const [body, field] of cases) {
      const refused = await give(body);
      assert.deepEqual([refused.code, refused.field], ['invalid_request', field]);
    }
  });

  test('a privacy signal opts out of sale and sharing, once, and the answer shows it', async () => {
    await give({ purpose: 'sale_sharing' });
    const receipts = async () => (await asShop(listConsents)).body.data.length;
    const before = await receipts();
    const signalled = (await asShop(getCurrentConsents, GPC)).body;
    assert.deepEqual(signalled.global_privacy_control, { signalled: true, opted_out: true });
    await Promise.all([1, 2, 3].map(() => asShop(getCurrentConsents, GPC)));
    assert.equal(await receipts(), before + 1);
    const [receipt] = (await asShop(listConsents)).body.data;
    assert.deepEqual(
      [receipt.purpose, receipt.decision, receipt.method, receipt.policy_hash],
      ['sale_sharing', 'objected', 'signal', null],
    );
    const later = (await asShop(getCurrentConsents)).body;
    assert.deepEqual(later.global_privacy_control, { signalled: false, opted_out: true }, 'it stays so');
    const others = await callOperation(app.server, getCurrentConsents, { token: app.stranger.token });
    assert.equal(others.body.global_privacy_control.opted_out, false);
  });

  test('a request that carries the signal cannot consent to what the signal refuses', async () => {
    const body = { purpose: 'sale_sharing', policy_hash: POLICY };
    const refused = await asShop(createConsent, { body, ...GPC });
    assert.deepEqual([refused.status, refused.body.code, refused.body.field], [409, 'conflict', 'purpose']);
    const other = await asShop(createConsent, { body: { ...body, purpose: 'improve' }, ...GPC });
    assert.equal(other.status, 201);
    for (const value of ['0', 'true', '']) {
      const answer = await asShop(getCurrentConsents, { headers: { 'sec-gpc': value } });
      assert.equal(answer.body.global_privacy_control.signalled, false, value);
    }
  });

  test('records cannot be changed or deleted, by the product or by the owner', async () => {
    for (const text of [
      `update privacy.consent_record set decision = 'given'`,
      'delete from privacy.consent_record',
      `update privacy.acceptance set mode = 'explicit'`,
    ]) {
      await app.database.sql('set role sotto_batch');
      await assert.rejects(app.database.sql(text), /permission denied/, text);
      await app.database.sql('reset role');
    }
    await assert.rejects(app.database.sql('delete from privacy.consent_record'), /append-only/);
  });

  test('accepting a policy is recorded once a version, and is no consent', async () => {
    const hash = Buffer.from(POLICY, 'hex');
    const accept = (mode: 'explicit' | 'by_use') =>
      app.database.db.batch((tx) => acceptPolicy(tx, app.stranger.id, hash, mode));
    const first = await accept('by_use');
    await app.database.advance(1_000);
    assert.deepEqual(await accept('explicit'), first);
    const { state, unaccepted, other } = await app.database.db.tenant(app.stranger.id, async (tx) => ({
      state: await currentConsents(tx, app.keyring, app.stranger.id),
      unaccepted: await acceptanceOf(tx, app.stranger.id, Buffer.alloc(32)),
      other: await acceptanceOf(tx, app.stranger.id, hash),
    }));
    assert.ok(state.every((each) => each.state === 'never_asked'));
    assert.equal(unaccepted, undefined);
    assert.deepEqual(other, first);
    const foreign = await app.database.db.tenant(app.shop.id, (tx) =>
      acceptanceOf(tx, app.stranger.id, hash),
    );
    assert.equal(foreign, undefined);
  });

  test('of age a yes or no and a time are kept, and the last word stands', async () => {
    const ask = () => app.database.db.tenant(app.shop.id, (tx) => ageAttestationOf(tx, app.shop.id));
    assert.equal(await ask(), undefined);
    await app.database.db.batch((tx) => attestAge(tx, app.shop.id, false));
    assert.equal((await ask())?.isOfAge, false);
    const said = await app.database.db.batch((tx) => attestAge(tx, app.shop.id, true));
    assert.deepEqual(await ask(), said);
    const columns = await app.database.sql<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = 'privacy' and table_name = 'age_attestation' order by 1`,
    );
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['attested_at', 'is_of_age', 'workspace_id'],
    );
  });
});
