// Plans and subscriptions through the whole server, with real books and a clock that the tests move.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { decodeId, encodeId, headers, type Operation } from '@sotto/contract';
import { acceptInvitation, createInvitation } from '@sotto/contract/account/invitations';
import { createPlan, listAllPlans, retirePlan } from '@sotto/contract/admin/plans';
import { createKey, revokeKey, rotateKey } from '@sotto/contract/keys';
import {
  cancelSubscription,
  changeSubscription,
  getSubscription,
  listPlans,
  resumeSubscription,
  subscribe as subscribeOperation,
} from '@sotto/contract/plans';
import { getWallet, getWalletStatement, listWalletEntries } from '@sotto/contract/wallet';
import { closeWorkspace, createWorkspace } from '#accounts';
import { auditBooks, credit, grantBonus, setCreditLimit } from '#ledger';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';
import { callOperation, type Request } from '../../../test/route-contract.ts';
import { planExpiry } from './expiry.ts';
import { endOfWorkspaces } from './plan-subscription.sql.ts';
import { renewSubscriptions } from './renew-subscriptions.ts';
import { subscribe } from './subscribe.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('plans', () => {
  const app = useApi();
  const never = new AbortController().signal;
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const parts = () => ({ keyring: app.keyring, plans: app.payments.plans });
  const renew = () => renewSubscriptions(app.database.db, parts(), never);
  const standAt = (text: string) => app.database.standAt(new Date(text));
  const booksHold = async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  let made = 0;

  // Each test has the job for itself.
  beforeEach(async () => {
    await app.database.sql('delete from payments.plan_subscription');
  });

  async function plan(change: object = {}): Promise<string> {
    const body = { key: `plan_${++made}`, name: 'Pro', price: eur('10.00'), ...change };
    const answer = await callOperation(app.server, createPlan, { token: app.admin, body });
    assert.equal(answer.status, 201, answer.text);
    return answer.body.id;
  }

  async function customer(paidMicros = 0n) {
    const { id } = await app.database.db.batch((tx) =>
      createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'One', currency: 'EUR' }),
    );
    const token = await app.issue(id, [
      'payments:read',
      'payments:write',
      'wallet:read',
      'keys:write',
      'keys:read',
    ]);
    const call = (operation: Operation, request: Request = {}) =>
      callOperation(app.server, operation, { token, ...request });
    if (paidMicros > 0n) await topUp(id, paidMicros);
    return {
      id,
      token,
      call,
      subscribe: (planId: string) => call(subscribeOperation, { body: { plan_id: planId } }),
      change: (planId: string) => call(changeSubscription, { body: { plan_id: planId } }),
      cancel: () => call(cancelSubscription),
      resume: () => call(resumeSubscription),
      overview: async () => (await call(getSubscription)).body,
      /** Available and bonus, in units. */
      async money() {
        const { available, bonus } = (await call(getWallet)).body;
        return [available.amount, bonus.amount];
      },
    };
  }

  const topUp = (workspaceId: string, amountMicros: bigint) =>
    app.database.db.batch((tx) =>
      credit(tx, 'top_up', { workspaceId, amountMicros, currency: 'EUR', key: newId() }),
    );
  const count = async (text: string, values: readonly unknown[] = []) =>
    (await app.database.sql<{ n: number }>(text, values))[0]!.n;
  const charges = (workspaceId: string) =>
    count(
      `select count(*)::integer as n from ledger.transaction where workspace_id = $1 and reason = 'subscription' and kind = 'adjustment'`,
      [workspaceId],
    );
  const events = (name: string, workspaceId: string) =>
    count(
      `select count(*)::integer as n from platform.outbox where name = $1 and payload->>'workspace_id' = $2`,
      [name, workspaceId],
    );

  test('the first month is charged and its credit given at once, as entries that a statement shows', async () => {
    await standAt('2027-01-31T10:00:00Z');
    const pro = await plan({ credit: eur('4.00'), members_max: 20 });
    const one = await customer(25_000_000n);
    const answer = await one.subscribe(pro);
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(
      [answer.body.state, answer.body.period_start, answer.body.period_end, answer.body.plan.id],
      ['active', '2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z', pro],
    );
    assert.deepEqual(await one.money(), ['15.00', '4.00']);
    const { data } = (await one.call(listWalletEntries)).body;
    assert.deepEqual(
      data.map((entry: { kind: string; reason: string | null }) => [entry.kind, entry.reason]),
      [
        ['bonus', 'subscription'],
        ['adjustment', 'subscription'],
        ['top_up', null],
      ],
    );
    const statement = await one.call(getWalletStatement, { query: { month: '2027-01' } });
    assert.match(statement.text, /"adjustment","subscription",-10\.00/);
    assert.equal((await one.overview()).subscription.id, answer.body.id);
    await booksHold();
  });

  test('a balance that does not reach makes nothing, and bonus pays for no plan; a credit limit does', async () => {
    const pro = await plan({ credit: eur('1.00') });
    const one = await customer(9_999_999n);
    await app.database.db.batch((tx) =>
      grantBonus(tx, { workspaceId: one.id, amountMicros: 50_000_000n, currency: 'EUR', key: newId() }),
    );
    const refused = await one.subscribe(pro);
    assert.deepEqual([refused.status, refused.body.code], [402, 'insufficient_funds']);
    assert.deepEqual(await one.money(), ['9.999999', '50.00']);
    assert.equal((await one.overview()).subscription, null);
    await app.database.db.batch((tx) => setCreditLimit(tx, one.id, 1n));
    assert.equal((await one.subscribe(pro)).status, 201);
    assert.deepEqual(await one.money(), ['-0.000001', '51.00']);
  });

  test('of 32 who subscribe a workspace at once one does, and it is charged once', async () => {
    const pro = await plan();
    const one = await customer(100_000_000n);
    const answers = await Promise.all(Array.from({ length: 32 }, () => one.subscribe(pro)));
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    for (const { status, body } of answers) if (status !== 201) assert.equal(body.code, 'conflict');
    assert.deepEqual(await one.money(), ['90.00', '0.00']);
    await booksHold();
  });

  test('a crash between the charge and the commit leaves neither', async () => {
    const pro = decodeId('pln', await plan())!;
    const one = await customer(100_000_000n);
    await assert.rejects(
      app.database.db.batch(async (tx) => {
        await subscribe(tx, parts(), one.id, pro);
        throw new Error('crash');
      }),
      /crash/,
    );
    assert.deepEqual(await one.money(), ['100.00', '0.00']);
    assert.equal((await one.overview()).subscription, null);
  });

  test('periods are months of the calendar from the day it began, each charged once, by however many workers', async () => {
    await standAt('2027-01-31T10:00:00Z');
    const pro = await plan({ credit: eur('2.00') });
    const one = await customer(100_000_000n);
    await one.subscribe(pro);
    for (const [at, end, left] of [
      ['2027-02-28T10:00:00Z', '2027-03-31T10:00:00.000Z', '80.00'],
      ['2027-03-31T10:00:00Z', '2027-04-30T10:00:00.000Z', '70.00'],
      ['2027-04-30T10:00:00Z', '2027-05-31T10:00:00.000Z', '60.00'],
    ] as const) {
      await app.database.standAt(new Date(Date.parse(at) - 1));
      assert.equal(await renew(), 0);
      await standAt(at);
      const runs = await Promise.all([renew(), renew(), renew(), renew()]);
      assert.equal(
        runs.reduce((sum, each) => sum + each, 0),
        1,
      );
      assert.equal((await one.overview()).subscription.period_end, end);
      assert.equal((await one.money())[0], left);
    }
    assert.equal((await one.money())[1], '8.00');
    assert.equal(await events('payments.subscription_renewed', one.id), 3);
    await booksHold();
  });

  test('after three months without a server the month that runs is charged, and no other', async () => {
    await standAt('2027-01-15T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan());
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    assert.equal(await renew(), 0);
    const { subscription } = await one.overview();
    assert.deepEqual(
      [subscription.period_start, subscription.period_end],
      ['2027-04-15T00:00:00.000Z', '2027-05-15T00:00:00.000Z'],
    );
    assert.equal((await one.money())[0], '80.00');
  });

  test('a clock that jumps back charges nothing again', async () => {
    await standAt('2027-01-15T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan());
    await standAt('2027-02-15T00:00:00Z');
    assert.equal(await renew(), 1);
    for (const at of [
      '2027-01-20T00:00:00Z',
      '2027-02-14T23:59:59Z',
      '2027-02-15T00:00:00Z',
      '2027-03-14T00:00:00Z',
    ]) {
      await standAt(at);
      assert.equal(await renew(), 0);
    }
    assert.equal((await one.money())[0], '80.00');
    await standAt('2027-03-15T00:00:00Z');
    assert.equal(await renew(), 1);
  });

  test('a period that stands in the books is not charged again, though its row was lost', async () => {
    await standAt('2027-01-15T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan({ credit: eur('1.00') }));
    await standAt('2027-02-15T00:00:00Z');
    await renew();
    const before = await app.database.sql(
      `update payments.plan_subscription
          set period = 0, period_start = '2027-01-15T00:00:00Z', period_end = '2027-02-15T00:00:00Z', look_at = '2027-02-15T00:00:00Z'
        where workspace_id = $1 returning id`,
      [one.id],
    );
    assert.equal(before.length, 1);
    assert.equal(await renew(), 1);
    assert.deepEqual(await one.money(), ['80.00', '2.00']);
    await booksHold();
  });

  test('what cannot be settled holds up no other, and is told', async () => {
    await standAt('2027-01-15T00:00:00Z');
    const [broken, fine] = [await customer(100_000_000n), await customer(100_000_000n)];
    const pro = await plan();
    await broken.subscribe(pro);
    await standAt('2027-01-16T00:00:00Z');
    await fine.subscribe(pro);
    const [row] = await app.database.sql<{ id: string }>(
      `select id from payments.plan_subscription where workspace_id = $1`,
      [broken.id],
    );
    // The key of the next period stands for something else.
    await app.database.db.batch((tx) =>
      credit(tx, 'top_up', {
        workspaceId: broken.id,
        amountMicros: 1n,
        currency: 'EUR',
        key: `subscription:${row!.id}:period:1`,
      }),
    );
    await standAt('2027-02-16T00:00:00Z');
    await assert.rejects(renew(), (fault: AggregateError) => fault.errors.length === 1);
    assert.equal((await fine.money())[0], '80.00');
    assert.equal((await broken.money())[0], '90.000001');
  });

  test('of many due at one moment one run renews each once', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const pro = decodeId('pln', await plan({ price: eur('0.10') }))!;
    const ids: string[] = [];
    for (let at = 0; at < 130; at++) {
      const { id } = await app.database.db.batch((tx) =>
        createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'Many', currency: 'EUR' }),
      );
      await topUp(id, 1_000_000n);
      await app.database.db.batch((tx) => subscribe(tx, parts(), id, pro));
      ids.push(id);
    }
    await standAt('2027-05-01T00:00:00Z');
    const [one, two] = await Promise.all([renew(), renew()]);
    assert.equal(one + two, 130);
    const left = await app.database.sql<{ available: string }>(
      'select distinct available::text from ledger.wallet where workspace_id = any($1)',
      [ids],
    );
    assert.deepEqual(left, [{ available: '800000' }]);
  });

  test('a renewal that is not paid has days of grace, told once; a top-up within them pays for the month that runs', async () => {
    await standAt('2027-03-10T00:00:00Z');
    const one = await customer(15_000_000n);
    const member = (role: 'owner' | 'billing' | 'developer', email?: string | null) =>
      app.person({ memberOf: { workspaceId: one.id, role }, ...(email === undefined ? {} : { email }) });
    await Promise.all([member('owner'), member('billing'), member('billing', null), member('developer')]);
    const mails = (template: string) =>
      count(`select count(*)::integer as n from mail.outbox where template = $1`, [template]);
    const before = await mails('subscription_unpaid');
    await one.subscribe(await plan({ members_max: 20 }));
    await standAt('2027-04-10T00:00:00Z');
    assert.equal(await renew(), 0);
    const { subscription } = await one.overview();
    assert.deepEqual([subscription.state, subscription.grace_until], ['grace', '2027-04-17T00:00:00.000Z']);
    for (const day of [11, 12, 13]) {
      await standAt(`2027-04-${day}T00:00:00Z`);
      assert.equal(await renew(), 0);
    }
    assert.equal(await events('payments.subscription_unpaid', one.id), 1);
    assert.equal((await mails('subscription_unpaid')) - before, 2);
    assert.deepEqual(await one.money(), ['5.00', '0.00']);
    await topUp(one.id, 5_000_000n);
    await standAt('2027-04-14T00:00:00Z');
    assert.equal(await renew(), 1);
    const paid = (await one.overview()).subscription;
    assert.deepEqual(
      [paid.state, paid.period_start, paid.period_end, paid.grace_until],
      ['active', '2027-04-10T00:00:00.000Z', '2027-05-10T00:00:00.000Z', null],
    );
    assert.deepEqual(await one.money(), ['0.00', '0.00']);
    await booksHold();
  });

  test('grace that passes ends it, once and told, with what it allowed; nothing was charged', async () => {
    await standAt('2027-03-10T00:00:00Z');
    const one = await customer(10_000_000n);
    await app.person({ memberOf: { workspaceId: one.id, role: 'owner' } });
    const mails = () =>
      count(`select count(*)::integer as n from mail.outbox where template = 'subscription_ended'`);
    const before = await mails();
    await one.subscribe(await plan());
    await standAt('2027-04-10T00:00:00Z');
    await renew();
    await topUp(one.id, 9_999_999n);
    await standAt('2027-04-17T00:00:00Z');
    await Promise.all([renew(), renew(), renew()]);
    assert.equal((await one.overview()).subscription, null);
    assert.deepEqual([await events('payments.subscription_ended', one.id), (await mails()) - before], [1, 1]);
    assert.deepEqual([await charges(one.id), (await one.money())[0]], [1, '9.999999']);
    assert.equal((await one.subscribe(await plan({ price: eur('0.00') }))).status, 201);
  });

  test('who resumes in grace pays at once, and who cancels in grace pays nothing', async () => {
    await standAt('2027-03-10T00:00:00Z');
    const pro = await plan();
    const [pays, leaves] = [await customer(10_000_000n), await customer(10_000_000n)];
    await pays.subscribe(pro);
    await leaves.subscribe(pro);
    await standAt('2027-04-10T00:00:00Z');
    await renew();
    assert.equal((await pays.resume()).body.code, 'insufficient_funds');
    assert.equal((await pays.change(await plan({ price: eur('1.00') }))).body.code, 'conflict');
    await topUp(pays.id, 10_000_000n);
    await topUp(leaves.id, 10_000_000n);
    const paid = await pays.resume();
    assert.deepEqual([paid.body.state, (await pays.money())[0]], ['active', '0.00']);
    const left = await leaves.cancel();
    assert.deepEqual([left.body.state, (await leaves.money())[0]], ['ended', '10.00']);
    assert.equal((await leaves.cancel()).status, 404);
  });

  test('an upgrade costs the difference for what is left of the period, to the micro, and gives its credit alike', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const key = 'upgraded';
    const small = await plan({ key: `${key}_s`, credit: eur('3.00') });
    const large = await plan({ key: `${key}_l`, price: eur('30.00'), credit: eur('9.00'), keys_max: 5 });
    const one = await customer(100_000_000n);
    await one.subscribe(small);
    await standAt('2027-04-16T00:00:01Z');
    const changed = await one.change(large);
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual([changed.body.plan.id, changed.body.period_end], [large, '2027-05-01T00:00:00.000Z']);
    // 15 days of 30 but a second: of 20.00 and of 6.00.
    assert.deepEqual(await one.money(), ['80.000008', '5.999998']);
    assert.equal((await one.change(large)).status, 200);
    assert.deepEqual(await one.money(), ['80.000008', '5.999998']);
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    assert.deepEqual(await one.money(), ['50.000008', '14.999998']);
    await booksHold();
  });

  test('a downgrade waits for the end of the period, and is withdrawn by naming the plan that runs', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const [small, large] = [await plan({ price: eur('5.00') }), await plan({ price: eur('30.00') })];
    const one = await customer(100_000_000n);
    await one.subscribe(large);
    const down = await one.change(small);
    assert.deepEqual([down.body.plan.id, down.body.next_plan.id], [large, small]);
    const kept = await one.change(large);
    assert.deepEqual([kept.body.plan.id, kept.body.next_plan], [large, null]);
    await one.change(small);
    assert.equal((await one.money())[0], '70.00');
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    const { subscription } = await one.overview();
    assert.deepEqual([subscription.plan.id, subscription.next_plan], [small, null]);
    assert.equal((await one.money())[0], '65.00');
  });

  test('going back and forth between plans of one price collects no credit', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const [none, some] = [await plan(), await plan({ credit: eur('6.00') })];
    const one = await customer(100_000_000n);
    await one.subscribe(none);
    await standAt('2027-04-16T00:00:00Z');
    await one.change(some);
    for (let round = 0; round < 3; round++) {
      assert.equal((await one.change(none)).body.next_plan.id, none);
      await one.change(some);
    }
    assert.deepEqual(await one.money(), ['90.00', '3.00']);
  });

  test('an upgrade that is not paid changes nothing', async () => {
    const [small, large] = [await plan(), await plan({ price: eur('1000.00') })];
    const one = await customer(20_000_000n);
    await one.subscribe(small);
    const refused = await one.change(large);
    assert.deepEqual([refused.status, refused.body.code], [402, 'insufficient_funds']);
    assert.deepEqual([(await one.overview()).subscription.plan.id, (await one.money())[0]], [small, '10.00']);
  });

  test('cancelled 24 h 00 min 00 s before the end it ends with the period, and costs no more', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan({ members_max: 9 }));
    await standAt('2027-04-30T00:00:00Z');
    const cancelled = await one.cancel();
    assert.deepEqual(
      [cancelled.body.state, cancelled.body.cancelled_at, cancelled.body.ends_at],
      ['active', '2027-04-30T00:00:00.000Z', '2027-05-01T00:00:00.000Z'],
    );
    assert.deepEqual((await one.cancel()).body, cancelled.body);
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 0);
    assert.equal((await one.overview()).subscription, null);
    assert.equal((await one.money())[0], '90.00');
  });

  test('cancelled 23 h 59 min 59 s before the end the next period is charged, and is the last', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan());
    await standAt('2027-04-30T00:00:01Z');
    assert.equal((await one.cancel()).body.ends_at, '2027-06-01T00:00:00.000Z');
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    assert.equal((await one.money())[0], '80.00');
    await standAt('2027-06-01T00:00:00Z');
    assert.equal(await renew(), 0);
    assert.deepEqual([(await one.overview()).subscription, (await one.money())[0]], [null, '80.00']);
  });

  test('a cancellation is taken back as long as it runs; while it stands the plan does not change', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const one = await customer(100_000_000n);
    await one.subscribe(await plan());
    await one.cancel();
    assert.equal((await one.change(await plan({ price: eur('20.00') }))).body.code, 'conflict');
    const back = await one.resume();
    assert.deepEqual([back.body.cancelled_at, back.body.ends_at], [null, null]);
    assert.deepEqual((await one.resume()).body, back.body);
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    await one.cancel();
    await standAt('2027-06-01T00:00:00Z');
    await renew();
    assert.equal((await one.resume()).status, 404);
  });

  test('a request at the moment of a renewal does what is due first, and both together charge once', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const [small, large] = [await plan(), await plan({ price: eur('30.00') })];
    const customers = await Promise.all(Array.from({ length: 6 }, () => customer(100_000_000n)));
    for (const one of customers) assert.equal((await one.subscribe(small)).status, 201);
    await standAt('2027-05-01T00:00:00Z');
    const [, , ...answers] = await Promise.all([
      renew(),
      renew(),
      ...customers.map((one) => one.change(large)),
    ]);
    for (const answer of answers) assert.equal(answer.status, 200, answer.text);
    for (const one of customers) {
      // The period of the small plan, and the whole difference for the new one.
      assert.deepEqual(await one.money(), ['60.00', '0.00']);
      assert.equal((await one.overview()).subscription.period_end, '2027-06-01T00:00:00.000Z');
    }
    assert.equal(await renew(), 0);
    await booksHold();
  });

  test('a random life of changes, renewals and clocks never charges a period twice and leaves exact books', async () => {
    await standAt('2027-01-31T12:00:00Z');
    const plans = [
      await plan({ price: eur('0.00') }),
      await plan({ credit: eur('1.50') }),
      await plan({ price: eur('17.31') }),
    ];
    const one = await customer(40_000_000n);
    const seed = Number(process.env.SOTTO_TEST_SEED ?? Date.now() % 1_000_000);
    let state = seed;
    const pick = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * below);
    };
    let nowMs = Date.parse('2027-01-31T12:00:00Z');
    for (let step = 0; step < 60; step++) {
      nowMs += (pick(12) - 2) * DAY_MS + pick(DAY_MS);
      await app.database.standAt(new Date(nowMs));
      const acts = [
        () => one.subscribe(plans[pick(3)]!),
        () => one.change(plans[pick(3)]!),
        () => one.cancel(),
        () => one.resume(),
        () => topUp(one.id, BigInt(pick(20)) * 1_000_000n + 1n),
      ];
      const both = [acts[pick(acts.length)]!, acts[pick(acts.length)]!];
      const [first, second] = await Promise.all([...both.map((act) => act()), renew(), renew()]);
      for (const answer of [first, second]) {
        // Nothing but an answer that the rules give.
        if (typeof answer === 'object' && 'status' in answer)
          assert.ok([200, 201, 402, 404, 409].includes(answer.status), `seed ${seed}: ${answer.text}`);
      }
    }
    const [wallet] = await app.database.sql<{ available: string }>(
      `select available::text from ledger.wallet where workspace_id = $1`,
      [one.id],
    );
    assert.ok(BigInt(wallet!.available) >= 0n, `seed ${seed}`);
    const lives = await app.database.sql<{ periods: number; paid: string; charged: string }>(
      `select s.period + 1 as periods, s.paid::text,
              coalesce((select -sum(e.amount) from ledger.entry e join ledger.transaction t on t.id = e.transaction_id
                         where t.reference = s.id and e.account = 'available'), 0)::text as charged
         from payments.plan_subscription s
        where s.workspace_id = $1`,
      [one.id],
    );
    assert.ok(lives.length > 0);
    const dearest = 17_310_000n;
    for (const { periods, paid, charged } of lives) {
      assert.ok(BigInt(paid) <= dearest, `seed ${seed}`);
      assert.ok(
        BigInt(charged) <= BigInt(periods) * dearest,
        `seed ${seed}: ${charged} in ${periods} periods`,
      );
    }
    const running = await count(
      `select count(*)::integer as n from payments.plan_subscription where workspace_id = $1 and ended_at is null`,
      [one.id],
    );
    assert.ok(running <= 1);
    await booksHold();
  });

  test('a workspace that is closed is charged no more, and one that is erased has none', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const pro = await plan();
    const [closed, erased] = [await customer(100_000_000n), await customer(100_000_000n)];
    await closed.subscribe(pro);
    await erased.subscribe(pro);
    await app.database.db.batch((tx) => closeWorkspace(tx, closed.id));
    await app.database.db.batch((tx) => endOfWorkspaces(tx, [erased.id]));
    await app.database.db.batch((tx) => endOfWorkspaces(tx, [erased.id]));
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 0);
    const rows = await app.database.sql<{ end_reason: string }>(
      `select end_reason from payments.plan_subscription where workspace_id = any($1)`,
      [[closed.id, erased.id]],
    );
    assert.deepEqual(rows, [{ end_reason: 'workspace_closed' }, { end_reason: 'workspace_closed' }]);
    assert.deepEqual([await charges(closed.id), await charges(erased.id)], [1, 1]);
  });

  test('a plan is never changed: another version follows, and who has the one before keeps it with its price', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const first = await plan({ key: 'steady' });
    const one = await customer(100_000_000n);
    await one.subscribe(first);
    const second = await plan({ key: 'steady', price: eur('50.00') });
    const listed = (await one.call(listPlans)).body.data.filter(
      ({ key }: { key: string }) => key === 'steady',
    );
    assert.deepEqual(
      listed.map(({ id, version }: { id: string; version: number }) => [id, version]),
      [[second, 2]],
    );
    assert.equal((await (await customer(100_000_000n)).subscribe(first)).body.code, 'conflict');
    await standAt('2027-05-01T00:00:00Z');
    assert.equal(await renew(), 1);
    assert.equal((await one.money())[0], '80.00');
    await assert.rejects(
      app.database.db.batch((tx) =>
        tx.exec(
          { name: 'test.change_plan', purpose: 'operations', text: 'update payments.plan set price = 1' },
          [],
        ),
      ),
      /permission denied/,
    );
    const versions = await Promise.all(Array.from({ length: 5 }, () => plan({ key: 'steady' })));
    assert.equal(new Set(versions).size, 5);
    const all = (await callOperation(app.server, listAllPlans, { token: app.admin })).body.data;
    const steady = all.filter(({ key }: { key: string }) => key === 'steady');
    assert.deepEqual(steady.map(({ version }: { version: number }) => version).sort(), [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(
      steady.filter(({ retired_at }: { retired_at: string | null }) => retired_at === null).length,
      1,
    );
  });

  test('a plan that is retired, foreign, of another currency or unknown cannot be had', async () => {
    const one = await customer(100_000_000n);
    const retired = await plan();
    for (let run = 0; run < 2; run++)
      assert.equal(
        (await callOperation(app.server, retirePlan, { token: app.admin, id: retired })).status,
        200,
      );
    const sar = await plan({ price: { amount: '1.00', currency: 'SAR' } });
    assert.equal((await one.subscribe(retired)).body.code, 'conflict');
    assert.equal((await one.subscribe(sar)).body.code, 'conflict');
    assert.equal((await one.subscribe(encodeId('pln', newId()))).body.code, 'not_found');
    const dear = await callOperation(app.server, createPlan, {
      token: app.admin,
      body: { key: 'gift', name: 'Gift', price: eur('0.00'), credit: eur('1000.01') },
    });
    assert.deepEqual([dear.status, dear.body.field], [400, 'credit.amount']);
    const test = await app.issue(one.id, ['payments:write'], 'test');
    assert.equal((await one.call(cancelSubscription, { token: test })).body.code, 'test_key_refused');
  });

  test('of a plan that is retired while many subscribe, each has it or is refused, and nobody later', async () => {
    const pro = await plan();
    const customers = await Promise.all(Array.from({ length: 12 }, () => customer(10_000_000n)));
    const [, ...answers] = await Promise.all([
      callOperation(app.server, retirePlan, { token: app.admin, id: pro }),
      ...customers.map((one) => one.subscribe(pro)),
    ]);
    for (const [at, { status }] of answers.entries()) {
      assert.ok(status === 201 || status === 409);
      assert.equal((await customers[at]!.money())[0], status === 201 ? '0.00' : '10.00');
    }
    assert.equal((await (await customer(10_000_000n)).subscribe(pro)).body.code, 'conflict');
  });

  test('what is over ends with the books it explains; what renews never does, however old', async () => {
    await standAt('2027-04-01T00:00:00Z');
    const pro = await plan();
    const [ended, renews, held] = [
      await customer(10_000_000n),
      await customer(100_000_000n),
      await customer(10_000_000n),
    ];
    for (const one of [ended, renews, held]) await one.subscribe(pro);
    for (const one of [ended, held]) await one.cancel();
    await standAt('2027-05-01T00:00:00Z');
    await renew();
    await standAt('2027-06-01T00:00:00Z');
    await renew();
    const due = { before: new Date('2027-05-15T00:00:00Z'), held: [held.id], limit: 10 };
    const kept = () =>
      app.database.sql<{ id: string }>(
        'select workspace_id as id from payments.plan_subscription order by 1',
      );
    const standing = await app.database.db.batch((tx) =>
      planExpiry.standing(tx, due as unknown as Parameters<typeof planExpiry.standing>[1]),
    );
    assert.deepEqual([standing.overdue, standing.held], [1, 1]);
    await app.database.db.batch((tx) =>
      planExpiry.expire(tx, due as unknown as Parameters<typeof planExpiry.expire>[1]),
    );
    assert.deepEqual((await kept()).map(({ id }) => id).sort(), [renews.id, held.id].sort());
  });

  test('hostile values are refused before anything is made', async () => {
    const wrong: object[] = [
      { key: 'Pro' },
      { key: 'x'.repeat(41) },
      { name: 'a\nb' },
      { name: ' ' },
      { price: eur('-1.00') },
      { price: eur('0.0000001') },
      { members_max: 0 },
      { members_max: 1_001 },
      { keys_max: 1.5 },
      { store_products: ['a b'] },
      { store_products: Array.from({ length: 21 }, (_, at) => `p${at}`) },
      { credit: { amount: '1.00', currency: 'SAR' } },
      { price: { amount: '999999999999.00', currency: 'EUR' } },
    ];
    for (const change of wrong) {
      const body = { key: 'fine', name: 'Fine', price: eur('1.00'), ...change };
      const answer = await callOperation(app.server, createPlan, { token: app.admin, body });
      assert.equal(answer.status, 400, JSON.stringify(change));
    }
  });
});

describe('what plans allow', () => {
  const bounds = { membersMax: 1, keysMax: 2 };
  const app = useApi();
  const eur = (amount: string) => ({ amount, currency: 'EUR' });

  test('is one more than without, and no more than the plan says, for keys however many are made at once', async () => {
    Object.assign(app.payments.plans, { withoutPlan: bounds });
    const admin = { token: app.admin };
    const answer = await callOperation(app.server, createPlan, {
      ...admin,
      body: { key: 'keys', name: 'Keys', price: eur('0.00'), keys_max: 4 },
    });
    const shop = await app.person({ memberOf: { workspaceId: app.shop.id, role: 'owner' } });
    const as = (operation: Operation, request: Request = {}) =>
      callOperation(app.server, operation, {
        token: shop.token,
        headers: { [headers.workspace]: app.shop.publicId },
        ...request,
      });
    // The shop has one key.
    const make = () => as(createKey, { body: { name: 'n', scopes: ['wallet:read'] } });
    const first = await make();
    assert.equal(first.status, 201, first.text);
    const refused = await make();
    assert.deepEqual([refused.status, refused.body.code], [409, 'plan_limit']);
    assert.equal((await as(subscribeOperation, { body: { plan_id: answer.body.id } })).status, 201);
    assert.deepEqual((await as(getSubscription)).body.allowed, { members_max: 1, keys_max: 4 });
    const many = await Promise.all(Array.from({ length: 8 }, make));
    assert.equal(many.filter(({ status }) => status === 201).length, 2);
    for (const { status, body } of many) if (status !== 201) assert.equal(body.code, 'plan_limit');
    // A key that replaces another takes its place, once.
    const rotate = (overlap: number) =>
      as(rotateKey, { id: first.body.id, body: { overlap_seconds: overlap } });
    const rotated = await rotate(3_600);
    assert.equal(rotated.status, 201, rotated.text);
    assert.equal((await rotate(3_600)).body.code, 'plan_limit');
    await as(revokeKey, { id: rotated.body.id });
    assert.equal((await rotate(0)).status, 201);
  });

  test('ends with the subscription: what is there stays, and nothing is added', async () => {
    await app.database.advance(40 * DAY_MS);
    await app.database.db.batch((tx) => endOfWorkspaces(tx, [app.shop.id]));
    const list = await callOperation(app.server, createKey, {
      token: app.shop.token,
      body: { name: 'n', scopes: ['wallet:read'] },
    });
    assert.equal(list.body.code, 'plan_limit');
  });

  test('is kept for members: an invitation beyond it is refused, and of many who accept at once as many join as may', async () => {
    const owner = await app.person({ memberOf: { workspaceId: app.stranger.id, role: 'owner' } });
    const invite = (email: string) =>
      callOperation(app.server, createInvitation, {
        token: owner.token,
        headers: { [headers.workspace]: app.stranger.publicId },
        body: { email, role: 'viewer' },
      });
    const refused = await invite('ada@example.com');
    assert.deepEqual([refused.status, refused.body.code], [409, 'plan_limit'], refused.text);
    const { body: plan } = await callOperation(app.server, createPlan, {
      token: app.admin,
      body: { key: 'members', name: 'Members', price: eur('0.00'), members_max: 3 },
    });
    const subscribed = await callOperation(app.server, subscribeOperation, {
      token: app.stranger.token,
      body: { plan_id: plan.id },
    });
    assert.equal(subscribed.status, 201, subscribed.text);
    const guests: { token: string; secret: string }[] = [];
    for (const name of ['bea', 'cem', 'dov', 'eve']) {
      const email = `${name}@example.com`;
      const guest = await app.person({ email });
      const sent = await invite(email);
      assert.equal(sent.status, 201, sent.text);
      const letter = app.letters.findLast(({ to }) => to === email)!;
      assert.ok('secret' in letter);
      guests.push({ token: guest.token, secret: letter.secret });
    }
    const accept = ({ token, secret }: { token: string; secret: string }) =>
      callOperation(app.server, acceptInvitation, { token, body: { token: secret } });
    const answers = await Promise.all(guests.map(accept));
    assert.equal(
      answers.filter(({ status }) => status === 200).length,
      2,
      answers.map(({ text }) => text).join('\n'),
    );
    for (const { status, body } of answers) if (status !== 200) assert.equal(body.code, 'plan_limit');
  });

  test('comes from a subscription of a store as well, as long as it runs, and charges nothing here', async () => {
    const { body: plan } = await callOperation(app.server, createPlan, {
      token: app.admin,
      body: { key: 'store', name: 'Store', price: eur('5.00'), keys_max: 9, store_products: ['pro_monthly'] },
    });
    const { id } = await app.database.db.batch((tx) =>
      createWorkspace(tx, app.keyring, { kind: 'organisation', name: 'Two', currency: 'EUR' }),
    );
    const token = await app.issue(id, ['payments:read', 'payments:write', 'wallet:read']);
    const overview = async () => (await callOperation(app.server, getSubscription, { token })).body;
    const sold = (state: string) =>
      app.database.sql(
        `insert into payments.subscription (id, workspace_id, provider, original_id, product_id, state, expires_at, as_of)
         values ($1, $2, 'app_store', 'first', 'pro_monthly', $3, platform.clock() + interval '30 days', platform.clock())
         on conflict on constraint subscription_once do update set state = excluded.state`,
        [newId(), id, state],
      );
    for (const [state, keysMax] of [
      ['active', 9],
      ['cancelled', 9],
      ['grace', 9],
      ['paused', 2],
      ['refunded', 2],
      ['active', 9],
    ] as const) {
      await sold(state);
      assert.equal((await overview()).allowed.keys_max, keysMax, state);
    }
    const { subscription, from_stores: stores } = await overview();
    assert.deepEqual([subscription, stores.length, stores[0].plan.id], [null, 1, plan.id]);
    const twice = await callOperation(app.server, subscribeOperation, { token, body: { plan_id: plan.id } });
    assert.equal(twice.body.code, 'conflict');
    const { body: other } = await callOperation(app.server, createPlan, {
      token: app.admin,
      body: { key: 'free', name: 'Free', price: eur('0.00') },
    });
    const free = await callOperation(app.server, subscribeOperation, { token, body: { plan_id: other.id } });
    assert.equal(free.status, 201, free.text);
    const paid = await callOperation(app.server, changeSubscription, { token, body: { plan_id: plan.id } });
    assert.equal(paid.body.code, 'conflict');
    assert.equal((await overview()).allowed.keys_max, 9);
    // A later version of the plan that names the product allows what it says.
    await callOperation(app.server, createPlan, {
      token: app.admin,
      body: {
        key: 'store',
        name: 'Store',
        price: eur('5.00'),
        keys_max: 12,
        store_products: ['pro_monthly'],
      },
    });
    assert.equal((await overview()).allowed.keys_max, 12);
    await app.database.advance(31 * DAY_MS);
    assert.deepEqual((await overview()).allowed, { members_max: 1, keys_max: 2 });
    assert.equal((await callOperation(app.server, getWallet, { token })).body.available.amount, '0.00');
  });
});
