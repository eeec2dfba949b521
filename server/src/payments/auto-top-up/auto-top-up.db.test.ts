// Balances that top themselves up, through the whole server: the API, the real adapter, the fake provider, a real database.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headers as names } from '@sotto/contract';
import { refundPayment } from '@sotto/contract/admin/payments';
import { endAutoTopUp, getAutoTopUp, setAutoTopUp, storeCard } from '@sotto/contract/auto-top-up';
import { noticeFromStripe } from '@sotto/contract/payment-notices';
import { workspaceScopes } from '@sotto/contract/scopes';
import { listTopUps } from '@sotto/contract/top-ups';
import type { CardFate, SentNotice } from '@sotto/simulator';
import fc from 'fast-check';
import { auditBooks, balance, credit, post } from '#ledger';
import { newId } from '#platform/ids';
import { useApi } from '../../../test/api.ts';
import type { TestPerson } from '../../../test/people.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { openSession, PERSON_TERMS } from '../../accounts/sessions/sessions.ts';
import { catchUp } from '../catch-up.ts';
import { insertPayment } from '../payment.sql.ts';
import { endAutoTopUpOf } from './expiry.ts';
import { forgetCard } from './forget-card.ts';
import { autoTopUpJobs } from './jobs.ts';
import { catchUpCards, lookAtBalances, tellStopped } from './look.ts';
import { payByCard } from './pay-by-card.ts';

describe('a balance that tops itself up', () => {
  const app = useApi();
  const never = new AbortController().signal;
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const TERMS = { threshold: eur('10.00'), amount: eur('50.00'), monthly_cap: eur('200.00') };
  const HOUR_MS = 3_600_000;

  const call = (operation: Parameters<typeof callOperation>[1], token: string, request: object = {}) =>
    callOperation(app.server, operation, { token, ...request });
  const keeper = () => app.payments.cards!;
  const provider = () => app.payments.providers[0] as Parameters<typeof catchUpCards>[1];
  const deliver = async ({ headers, body }: Pick<SentNotice, 'headers' | 'body'>) =>
    app.server.fastify.inject({
      method: 'POST',
      url: noticeFromStripe.path,
      headers: { 'content-type': 'application/json', ...headers },
      payload: body,
    });
  const hears = () => app.stripe.listen(async (notice) => (await deliver(notice)).statusCode);
  const deaf = () => app.stripe.listen(null);

  const show = async ({ token }: Pick<TestPerson, 'token'>) => (await call(getAutoTopUp, token)).body;
  const available = async (workspaceId: string) =>
    (await app.database.db.batch((tx) => balance(tx, workspaceId)))!.availableMicros;
  const booksHold = async () => assert.deepEqual(await app.database.db.batch((tx) => auditBooks(tx)), []);
  const move = (workspaceId: string, micros: bigint) =>
    app.database.db.batch((tx) =>
      micros > 0n
        ? credit(tx, 'top_up', { workspaceId, amountMicros: micros, currency: 'EUR', key: newId() })
        : post(tx, {
            key: newId(),
            kind: 'adjustment',
            workspaceId,
            currency: 'EUR',
            entries: [
              { account: 'available', workspaceId, amountMicros: micros },
              { account: 'revenue', amountMicros: -micros },
            ],
          }),
    );
  const empty = async (workspaceId: string) => {
    const left = await available(workspaceId);
    if (left > 0n) await move(workspaceId, -left);
  };

  async function page(token: string): Promise<string> {
    const answer = await call(storeCard, token, { body: {} });
    assert.equal(answer.status, 201, answer.text);
    return new URL(answer.body.setup_url).pathname.split('/').at(-1)!;
  }
  /** Somebody whose personal workspace has nothing left and a card stored. */
  async function ready(fate: CardFate = 'pays', terms: object = TERMS) {
    hears();
    const person = await app.person();
    assert.equal((await call(setAutoTopUp, person.token, { body: terms })).status, 200);
    const method = await app.stripe.storeCard(await page(person.token), fate);
    assert.equal((await show(person)).status, 'on');
    return { ...person, method };
  }
  interface Paid {
    readonly id: string;
    readonly status: string;
    readonly failed_because: string | null;
    readonly credited: string;
    readonly external_id: string | null;
  }
  const paymentsOf = (workspaceId: string) =>
    app.database.sql<Paid>(
      `select id, status, failed_because, credited, external_id from payments.payment
        where workspace_id = '${workspaceId}' and instrument_id is not null order by id`,
    );
  const chargesOf = async (workspaceId: string) => {
    const ids = new Set((await paymentsOf(workspaceId)).map(({ external_id }) => external_id));
    return app.stripe.charges.filter(({ id }) => ids.has(id));
  };
  /** The balance is looked at, and every payment of the workspace that is open is asked for once. */
  async function look(workspaceId: string): Promise<Paid[]> {
    await lookAtBalances(app.database.db, never);
    for (const { id, status } of await paymentsOf(workspaceId)) {
      if (status === 'open') await payByCard(app.database.db, keeper(), id);
    }
    return paymentsOf(workspaceId);
  }
  const begin = async (workspaceId: string) => {
    await lookAtBalances(app.database.db, never);
    return (await paymentsOf(workspaceId)).at(-1)!;
  };
  const charge = (id: string) => payByCard(app.database.db, keeper(), id);
  const stopsTold = async () => {
    const base = () => 'https://example.com';
    return tellStopped({ db: app.database.db, keyring: app.keyring, mailBaseUrl: base });
  };
  const count = async (text: string) => (await app.database.sql<{ n: number }>(text))[0]!.n;
  const mails = () =>
    count(`select count(*)::integer as n from mail.outbox where template = 'auto_top_up_stopped'`);
  const cardsOf = (workspaceId: string) =>
    app.database.sql<{ id: string; state: string; customer_id: string | null; method_id: string | null }>(
      `select id, state, customer_id, method_id from payments.instrument where workspace_id = '${workspaceId}' order by id`,
    );
  const forgetAll = async (workspaceId: string) => {
    for (const { id } of await cardsOf(workspaceId)) await forgetCard(app.database.db, keeper(), id);
  };

  test('is set, waits for a card, charges it below the threshold and not at it, and shows all of that', async () => {
    hears();
    const person = await app.person();
    const { token, workspaceId } = person;
    const off = await show(person);
    assert.deepEqual([off.status, off.waits_for, off.spent_this_month], ['off', null, eur('0.00')]);
    const set = await call(setAutoTopUp, token, { body: TERMS });
    assert.deepEqual([set.status, set.body.status, set.body.waits_for], [200, 'setting_up', 'card']);
    assert.deepEqual(await look(workspaceId), []);
    const session = await page(token);
    await app.stripe.storeCard(session);
    assert.deepEqual([(await show(person)).status, (await show(person)).waits_for], ['on', null]);
    await move(workspaceId, 10_000_000n);
    assert.deepEqual(await look(workspaceId), []);
    assert.equal((await show(person)).waits_for, 'balance');
    await move(workspaceId, -1n);
    await app.database.advance(60_000);
    const [payment] = await look(workspaceId);
    assert.deepEqual([payment!.status, payment!.credited], ['paid', '50000000']);
    assert.equal(await available(workspaceId), 59_999_999n);
    const shown = await show(person);
    assert.deepEqual(
      [shown.last_try.outcome, shown.spent_this_month, shown.waits_for],
      ['paid', eur('50.00'), 'balance'],
    );
    const topUps = (await call(listTopUps, token)).body.data;
    assert.deepEqual(
      [topUps.length, topUps[0].id, topUps[0].checkout_url],
      [1, shown.last_try.top_up_id, null],
    );
    await booksHold();
  });

  test('holds references of the provider alone: no number, brand or expiry of a card has a column', async () => {
    const { workspaceId } = await ready();
    const columns = await app.database.sql<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = 'payments' and table_name in ('instrument', 'auto_top_up')`,
    );
    for (const { name } of columns) assert.doesNotMatch(name, /brand|expir|last|number|finger|holder_name/);
    const [card] = await cardsOf(workspaceId);
    assert.match(card!.customer_id!, /^cus_/);
    assert.match(card!.method_id!, /^pm_/);
  });

  test('charges once whatever answers and notices come, in which order and how often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('notice', 'ask', 'catch_up' as const), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('answered', 'lost', 'cut' as const),
        async (steps, first) => {
          const { workspaceId } = await ready();
          const payment = await begin(workspaceId);
          deaf();
          const from = app.stripe.sent.length;
          // Charged, and the answer: it came, was a 500, or nobody stored it.
          if (first === 'lost') app.stripe.onCharge(async () => ({ status: 500, body: {} }));
          if (first === 'cut') {
            const [card] = await cardsOf(workspaceId);
            await keeper().pay({
              paymentId: payment.id,
              amount: { micros: 50_000_000n, currency: 'EUR' },
              card: { customerId: card!.customer_id!, methodId: card!.method_id! },
            });
          } else await charge(payment.id);
          app.stripe.onCharge(null);
          const notices = app.stripe.sent.slice(from);
          assert.equal(notices.length, 1);
          for (const step of [...steps, 'notice', 'ask'] as const) {
            if (step === 'notice') assert.equal((await deliver(notices[0]!)).statusCode, 200);
            if (step === 'ask') await charge(payment.id);
            if (step === 'catch_up') await catchUp(app.database.db, provider(), never);
          }
          assert.equal(await available(workspaceId), 50_000_000n);
          assert.equal((await chargesOf(workspaceId)).length, 1);
          const [paid, ...more] = await paymentsOf(workspaceId);
          assert.deepEqual([paid!.status, more], ['paid', []]);
        },
      ),
      { numRuns: 15 },
    );
    await booksHold();
  });

  test('is begun once by 32 jobs at once, charged once by 32 more, and never passes its cap', async () => {
    const { workspaceId, token } = await ready('pays', {
      threshold: eur('500.00'),
      amount: eur('50.00'),
      monthly_cap: eur('149.99'),
    });
    const many = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 32 }, work));
    for (let round = 0; round < 6; round++) {
      await many(() => lookAtBalances(app.database.db, never));
      for (const { id, status } of await paymentsOf(workspaceId)) {
        if (status === 'open') await many(() => charge(id));
      }
      await app.database.advance(16 * 60_000);
    }
    assert.equal((await chargesOf(workspaceId)).length, 2);
    assert.equal(await available(workspaceId), 100_000_000n);
    const shown = await show({ token });
    assert.deepEqual([shown.waits_for, shown.spent_this_month], ['month', eur('100.00')]);
    await booksHold();
  });

  test('reaches its cap exactly, counts what is under way, and begins anew with the month (UTC)', async () => {
    await app.database.standAt(new Date('2027-03-30T12:00:00Z'));
    const { workspaceId, token } = await ready('pays', {
      threshold: eur('10.00'),
      amount: eur('50.00'),
      monthly_cap: eur('100.00'),
    });
    await look(workspaceId);
    await empty(workspaceId);
    await app.database.standAt(new Date('2027-03-31T23:59:59.900Z'));
    // Begun in March, paid in April: it counts in both.
    const straddling = await begin(workspaceId);
    assert.equal((await show({ token })).spent_this_month.amount, '100.00');
    await app.database.standAt(new Date('2027-04-01T00:00:00.000Z'));
    assert.equal(await charge(straddling.id), 'settled');
    await empty(workspaceId);
    await app.database.standAt(new Date('2027-04-01T01:00:00Z'));
    assert.equal((await show({ token })).spent_this_month.amount, '50.00');
    await look(workspaceId);
    await empty(workspaceId);
    await app.database.standAt(new Date('2027-04-01T02:00:00Z'));
    assert.equal((await look(workspaceId)).length, 3);
    assert.deepEqual([(await show({ token })).waits_for], ['month']);
    await app.database.standAt(new Date('2027-05-01T00:00:00Z'));
    assert.equal((await look(workspaceId)).length, 4);
    await app.database.advance(0);
  });

  test('has one payment under way by a constraint of the database, whoever inserts another', async () => {
    const { workspaceId } = await ready();
    await begin(workspaceId);
    const [card] = await cardsOf(workspaceId);
    const second = await app.database.db.batch((tx) =>
      insertPayment(tx, {
        id: newId(),
        workspace_id: workspaceId,
        provider: 'stripe',
        currency: 'EUR',
        asked: 1_000_000n,
        instrument_id: card!.id,
      }),
    );
    assert.equal(second, undefined);
    await assert.rejects(
      app.database.sql(
        `insert into payments.payment (id, workspace_id, provider, currency, asked, instrument_id)
         values ('${newId()}', '${workspaceId}', 'stripe', 'EUR', 1, '${card!.id}')`,
      ),
      /payment_one_automatic/,
    );
  });

  test('tries a card that is declined three times with growing pauses, and then says so once', async () => {
    const before = await mails();
    const { workspaceId, token } = await ready('declines');
    await app.database.advance(1_000);
    const outcomes: number[] = [];
    for (const [hours, tries] of [
      [0, 1],
      [0.5, 1],
      [1, 2],
      [12, 2],
      [25, 3],
      [80, 3],
    ] as const) {
      await app.database.advance(hours * HOUR_MS);
      outcomes.push((await look(workspaceId)).length);
      assert.equal(outcomes.at(-1), tries, `after ${hours} hours`);
    }
    const shown = await show({ token });
    assert.deepEqual(
      [shown.status, shown.stopped_by, shown.waits_for, shown.last_try.outcome],
      ['declined', 'declined', 'you', 'declined'],
    );
    assert.deepEqual([shown.spent_this_month, await available(workspaceId)], [eur('0.00'), 0n]);
    const stops = await count(
      `select count(*)::integer as n from platform.outbox where name = 'payments.auto_top_up_stopped'
         and payload->>'workspace_id' = '${workspaceId}'`,
    );
    await Promise.all([stopsTold(), stopsTold(), stopsTold()]);
    assert.equal(await stopsTold(), 0);
    assert.deepEqual([stops, await mails()], [1, before + 1]);
    // Setting it again begins anew, and a card that pays is charged.
    const [card] = await cardsOf(workspaceId);
    app.stripe.turn(card!.method_id!, 'pays');
    assert.equal((await call(setAutoTopUp, token, { body: TERMS })).body.status, 'on');
    assert.equal((await look(workspaceId)).at(-1)!.status, 'paid');
  });

  test('cannot be made to hammer a card by setting it again and again', async () => {
    const { workspaceId, token } = await ready('declines');
    for (let round = 0; round < 5; round++) {
      await look(workspaceId);
      await call(setAutoTopUp, token, { body: TERMS });
    }
    assert.equal((await paymentsOf(workspaceId)).length, 1);
    assert.equal((await show({ token })).waits_for, 'pause');
  });

  test('stops and asks for somebody when the bank does, with a mail that leads to a top-up by hand', async () => {
    const before = await mails();
    const { workspaceId, token } = await ready('asks');
    const [payment] = await look(workspaceId);
    assert.deepEqual([payment!.status, payment!.failed_because], ['failed', 'needs_you']);
    const shown = await show({ token });
    assert.deepEqual([shown.status, shown.last_try.outcome], ['needs_you', 'needs_you']);
    await app.database.advance(100 * HOUR_MS);
    assert.equal((await look(workspaceId)).length, 1);
    await stopsTold();
    assert.equal(await mails(), before + 1);
  });

  test('whose answer of a decline was lost is concluded by the notice, or by looking, once', async () => {
    for (const by of ['notice', 'look'] as const) {
      const { workspaceId, token } = await ready('declines');
      const payment = await begin(workspaceId);
      deaf();
      app.stripe.onCharge(async () => ({ status: 502, body: 'bad gateway' }));
      if (by === 'notice') app.stripe.answerNext({ status: 503, body: {} });
      assert.equal(await charge(payment.id), by === 'notice' ? 'unknown' : 'settled');
      app.stripe.onCharge(null);
      if (by === 'notice') assert.equal(await charge(payment.id), 'settled');
      const notice = app.stripe.sent.at(-1)!;
      for (let copy = 0; copy < 3; copy++) assert.equal((await deliver(notice)).statusCode, 200);
      assert.deepEqual([(await show({ token })).status, (await chargesOf(workspaceId)).length], ['on', 1]);
      const declines = await count(
        `select declines as n from payments.auto_top_up where workspace_id = '${workspaceId}'`,
      );
      assert.equal(declines, 1);
    }
  });

  test('that the provider refuses is looked for before it counts as not made', async () => {
    const { workspaceId, token } = await ready();
    const payment = await begin(workspaceId);
    deaf();
    app.stripe.onCharge(async () => ({ status: 500, body: {} }));
    const [card] = await cardsOf(workspaceId);
    await keeper().pay({
      paymentId: payment.id,
      amount: { micros: 50_000_000n, currency: 'EUR' },
      card: { customerId: card!.customer_id!, methodId: card!.method_id! },
    });
    app.stripe.onCharge(null);
    // The key of the installation lost its right in between.
    const forbidden = { status: 403, body: { error: { type: 'invalid_request_error' } } };
    app.stripe.answerNext(forbidden, forbidden);
    assert.equal(await charge(payment.id), 'unknown');
    app.stripe.answerNext(forbidden);
    assert.equal(await charge(payment.id), 'settled');
    assert.equal(await available(workspaceId), 50_000_000n);
    await empty(workspaceId);
    await app.database.advance(HOUR_MS);
    const refused = await begin(workspaceId);
    app.stripe.answerNext(forbidden);
    assert.equal(await charge(refused.id), 'settled');
    const shown = await show({ token });
    assert.deepEqual([shown.last_try.outcome, shown.status, shown.waits_for], ['not_made', 'on', 'pause']);
  });

  test('that was cut off between row and call is charged by the next, once', async () => {
    const { workspaceId } = await ready();
    const payment = await begin(workspaceId);
    await app.database.advance(2 * HOUR_MS);
    // Nothing else is begun meanwhile.
    await lookAtBalances(app.database.db, never);
    assert.equal((await paymentsOf(workspaceId)).length, 1);
    assert.equal(await charge(payment.id), 'settled');
    assert.equal(await charge(payment.id), 'done');
    assert.equal(await available(workspaceId), 50_000_000n);
  });

  test('of which nothing is known when its key is over is looked for and never charged anew', async () => {
    const made = await ready();
    const lost = await ready();
    deaf();
    const [one, other] = [await begin(made.workspaceId), await begin(lost.workspaceId)];
    // Charged, and neither the answer nor the notice nor a look came through.
    app.stripe.onCharge(async () => ({ status: 500, body: {} }));
    await keeper().pay({
      paymentId: one.id,
      amount: { micros: 50_000_000n, currency: 'EUR' },
      card: await cardsOf(made.workspaceId).then(([card]) => ({
        customerId: card!.customer_id!,
        methodId: card!.method_id!,
      })),
    });
    app.stripe.onCharge(null);
    await app.database.advance(30 * HOUR_MS);
    const before = app.stripe.asked.length;
    assert.deepEqual([await charge(one.id), await charge(other.id)], ['settled', 'settled']);
    assert.ok(app.stripe.asked.slice(before).every((request) => request.startsWith('GET ')));
    const [found] = await paymentsOf(made.workspaceId);
    const [given] = await paymentsOf(lost.workspaceId);
    assert.deepEqual([found!.status, found!.credited], ['paid', '50000000']);
    assert.deepEqual([given!.status, given!.failed_because], ['failed', 'not_made']);
  });

  test('that ends is not charged any more: not what was begun and not asked for, and the card is forgotten', async () => {
    const { workspaceId, token, method } = await ready();
    const payment = await begin(workspaceId);
    assert.equal((await call(endAutoTopUp, token)).status, 204);
    assert.equal((await call(endAutoTopUp, token)).status, 204);
    const [card] = await cardsOf(workspaceId);
    assert.equal(await charge(payment.id), 'unknown');
    assert.equal(await forgetCard(app.database.db, keeper(), card!.id), 'waits');
    await app.database.advance(11 * 60_000);
    assert.equal(await charge(payment.id), 'settled');
    assert.equal((await paymentsOf(workspaceId))[0]!.status, 'failed');
    app.stripe.answerNext({ status: 500, body: {} });
    assert.equal(await forgetCard(app.database.db, keeper(), card!.id), 'unknown');
    assert.ok(app.stripe.knows(method));
    assert.equal(await forgetCard(app.database.db, keeper(), card!.id), 'forgotten');
    assert.equal(await forgetCard(app.database.db, keeper(), card!.id), 'done');
    assert.deepEqual([app.stripe.knows(method), await cardsOf(workspaceId)], [false, []]);
    assert.equal((await chargesOf(workspaceId)).length, 0);
    const shown = await show({ token });
    assert.deepEqual([shown.status, shown.threshold, shown.last_try.outcome], ['off', null, 'not_made']);
  });

  test('that ends while a charge is under way still credits it', async () => {
    const { workspaceId, token } = await ready();
    const payment = await begin(workspaceId);
    deaf();
    app.stripe.onCharge(async () => {
      assert.equal((await call(endAutoTopUp, token)).status, 204);
      return { status: 500, body: {} };
    });
    assert.equal(await charge(payment.id), 'settled');
    app.stripe.onCharge(null);
    assert.equal(await available(workspaceId), 50_000_000n);
    assert.equal((await show({ token })).status, 'off');
    await forgetAll(workspaceId);
    assert.deepEqual(await cardsOf(workspaceId), []);
  });

  test('of a workspace that was erased charges nothing and leaves no reference, here or there', async () => {
    const { workspaceId, method } = await ready();
    await app.database.db.batch((tx) => endAutoTopUpOf(tx, [workspaceId]));
    assert.deepEqual(await look(workspaceId), []);
    await forgetAll(workspaceId);
    assert.deepEqual([await cardsOf(workspaceId), app.stripe.knows(method)], [[], false]);
    const left = await app.database.sql(
      `select from payments.auto_top_up where workspace_id = '${workspaceId}'`,
    );
    assert.equal(left.length, 0);
  });

  test('of a workspace that was closed charges nothing, and its card is forgotten before it is erased', async () => {
    const { workspaceId, method } = await ready();
    await app.database.sql(
      `update accounts.workspace set closed_at = platform.clock() where id = '${workspaceId}'`,
    );
    assert.deepEqual(await look(workspaceId), []);
    await forgetAll(workspaceId);
    assert.deepEqual([await cardsOf(workspaceId), app.stripe.knows(method)], [[], false]);
  });

  test('of a workspace that was closed before the provider was asked is not asked for', async () => {
    const { workspaceId, method } = await ready();
    const payment = await begin(workspaceId);
    await app.database.sql(
      `update accounts.workspace set closed_at = platform.clock() where id = '${workspaceId}'`,
    );
    assert.equal(await charge(payment.id), 'unknown');
    await app.database.advance(11 * 60_000);
    assert.equal(await charge(payment.id), 'settled');
    assert.equal((await paymentsOf(workspaceId))[0]!.status, 'failed');
    await forgetAll(workspaceId);
    assert.deepEqual([await cardsOf(workspaceId), app.stripe.knows(method)], [[], false]);
  });

  test('of a workspace that was closed while it was charged keeps the money for a person, and credits nothing', async () => {
    const { workspaceId } = await ready();
    const payment = await begin(workspaceId);
    const close = () =>
      app.database.sql(
        `update accounts.workspace set closed_at = platform.clock() where id = '${workspaceId}'`,
      );
    app.stripe.onCharge(async () => {
      await close();
      return undefined;
    });
    await charge(payment.id);
    app.stripe.onCharge(null);
    assert.deepEqual(
      [(await paymentsOf(workspaceId))[0]!.status, await available(workspaceId)],
      ['review', 0n],
    );
    await app.database.advance(HOUR_MS);
    await look(workspaceId);
    assert.equal((await paymentsOf(workspaceId)).length, 1);
    await booksHold();
  });

  test('stands many looks, charges, notices, changes, cards and ends all at once: no deadlock, no second charge, no lost card', async () => {
    const { id: personId, workspaceId } = await ready('pays', {
      threshold: eur('900.00'),
      amount: eur('50.00'),
      monthly_cap: eur('400.00'),
    });
    let token = '';
    for (let round = 0; round < 6; round++) {
      // A round is longer than a sign-in counts as fresh.
      ({ token } = await app.database.db.batch((tx) =>
        openSession(tx, app.keyring, personId, 'full', PERSON_TERMS),
      ));
      const { id } = await begin(workspaceId);
      const work: (() => Promise<unknown>)[] = [
        () => lookAtBalances(app.database.db, never),
        () => charge(id),
        () => catchUp(app.database.db, provider(), never),
        () => call(setAutoTopUp, token, { body: TERMS }),
        () => call(getAutoTopUp, token),
        async () => app.stripe.storeCard(await page(token)).catch(() => undefined),
        () => forgetAll(workspaceId),
        async () => {
          const [paid] = await chargesOf(workspaceId);
          if (round === 3 && paid) await app.stripe.refund(paid.id, 10);
        },
        async () => {
          if (round === 4) await call(endAutoTopUp, token);
        },
      ];
      const outcomes = await Promise.allSettled([...work, ...work, ...work].map((each) => each()));
      for (const each of outcomes) {
        const answer =
          each.status === 'fulfilled' ? (each.value as { status?: unknown } | undefined) : undefined;
        assert.ok(typeof answer?.status !== 'number' || answer.status < 500, JSON.stringify(answer));
      }
      const failed = outcomes.filter((each) => each.status === 'rejected');
      assert.deepEqual(
        failed
          .map(({ reason }) => reason)
          .filter((reason) => !/conflict|409|nothing is stored/.test(String(reason))),
        [],
      );
      await charge(id);
      await app.database.advance(16 * 60_000);
    }
    const made = await chargesOf(workspaceId);
    const paid = (await paymentsOf(workspaceId)).filter(({ status }) => status === 'paid');
    assert.equal(new Set(made.map(({ metadata }) => metadata.payment_id)).size, made.length);
    assert.equal(made.length, paid.length);
    const own = await cardsOf(workspaceId);
    assert.ok(own.filter(({ state }) => state === 'stored').length <= 1);
    await call(endAutoTopUp, token);
    await app.database.advance(HOUR_MS);
    for (const { id } of await paymentsOf(workspaceId)) await charge(id);
    await forgetAll(workspaceId);
    assert.deepEqual(await cardsOf(workspaceId), []);
    await booksHold();
  });

  test('is worked on by its jobs: one that hears nothing comes again later, and without the feature nothing is begun', async () => {
    const { workspaceId, token } = await ready();
    const jobs = (cards = app.payments.cards) =>
      autoTopUpJobs({ ...app.payments, cards, keyring: app.keyring, mailBaseUrl: null });
    const run = (name: string, payload: object, list = jobs()) => {
      const job = list.find((each) => each.name === name)!;
      assert.ok(job.schema.safeParse(payload).success);
      return (job.handler as (context: object, payload: object) => Promise<unknown>)(
        { db: app.database.db, signal: never },
        payload,
      );
    };
    await run('payments.auto_top_up', {}, jobs(null));
    assert.equal((await paymentsOf(workspaceId)).length, 0);
    await run('payments.auto_top_up', {});
    const enqueued = await app.database.sql<{ payload: object }>(
      `select payload from platform.job where name = 'payments.pay_by_card'
        and payload->>'payment_id' in (select id::text from payments.payment where workspace_id = '${workspaceId}')`,
    );
    assert.equal(enqueued.length, 1);
    const silence = { status: 500, body: {} };
    app.stripe.answerNext(silence, silence);
    assert.deepEqual(await run('payments.pay_by_card', enqueued[0]!.payload), { laterMs: 2_000 });
    assert.equal(await run('payments.pay_by_card', enqueued[0]!.payload), undefined);
    assert.equal(await available(workspaceId), 50_000_000n);
    await call(endAutoTopUp, token);
    const [card] = await cardsOf(workspaceId);
    app.stripe.answerNext(silence);
    assert.deepEqual(await run('payments.forget_card', { instrument_id: card!.id }), { laterMs: 300_000 });
    assert.equal(await run('payments.forget_card', { instrument_id: card!.id }, jobs(null)), undefined);
    assert.deepEqual(await cardsOf(workspaceId), []);
    await run('payments.catch_up_cards', {});
  });

  test('uses the card that was stored last, and has the one before forgotten; a page before it is ended', async () => {
    const { workspaceId, token, method } = await ready();
    const [first, second] = [await page(token), await page(token)];
    await forgetAll(workspaceId);
    assert.equal(app.stripe.session(first).status, 'expired');
    const newer = await app.stripe.storeCard(second);
    await forgetAll(workspaceId);
    assert.deepEqual([app.stripe.knows(method), app.stripe.knows(newer)], [false, true]);
    const cards = await cardsOf(workspaceId);
    assert.deepEqual([cards.length, cards[0]!.method_id], [1, newer]);
  });

  test('asks for no more pages than the provider can be made to forget', async () => {
    const { workspaceId, token } = await ready();
    for (let made = 1; made < 20; made++) await page(token);
    assert.equal((await call(storeCard, token, { body: {} })).body.code, 'conflict');
    await forgetAll(workspaceId);
    assert.equal((await call(storeCard, token, { body: {} })).status, 201);
    assert.equal((await cardsOf(workspaceId)).filter(({ state }) => state === 'asked').length, 1);
  });

  test('comes to the same whether a refund or dispute is heard of before or after the payment', async () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1, 0],
    ]) {
      const { workspaceId, token } = await ready();
      const payment = await begin(workspaceId);
      deaf();
      const from = app.stripe.sent.length;
      const [card] = await cardsOf(workspaceId);
      await keeper().pay({
        paymentId: payment.id,
        amount: { micros: 50_000_000n, currency: 'EUR' },
        card: { customerId: card!.customer_id!, methodId: card!.method_id! },
      });
      const made = app.stripe.charges.at(-1)!.id;
      await app.stripe.refund(made, 1_000);
      await app.stripe.dispute(made, 500);
      const notices = app.stripe.sent.slice(from);
      assert.equal(notices.length, 3);
      for (const at of order) assert.equal((await deliver(notices[at]!)).statusCode, 200);
      assert.equal(await charge(payment.id), 'done');
      assert.equal(await available(workspaceId), 35_000_000n, order.join());
      assert.equal((await show({ token })).status, 'off');
      await app.database.advance(HOUR_MS);
      assert.equal((await look(workspaceId)).length, 1);
    }
    await booksHold();
  });

  test('forgets a card that was stored on a page nobody waits for any more', async () => {
    for (const heard of [true, false]) {
      hears();
      const person = await app.person();
      await call(setAutoTopUp, person.token, { body: TERMS });
      const session = await page(person.token);
      await call(endAutoTopUp, person.token);
      if (!heard) deaf();
      const method = await app.stripe.storeCard(session);
      assert.ok(app.stripe.knows(method));
      await forgetAll(person.workspaceId);
      assert.equal(app.stripe.knows(method), false);
      assert.deepEqual(await cardsOf(person.workspaceId), []);
      assert.equal((await show(person)).status, 'off');
    }
  });

  test('finds a card whose notice was lost, and ends a page that nobody used', async () => {
    hears();
    const [one, other] = [await app.person(), await app.person()];
    for (const { token } of [one, other]) await call(setAutoTopUp, token, { body: TERMS });
    const session = await page(one.token);
    const unused = await page(other.token);
    deaf();
    await app.stripe.storeCard(session);
    const look = () => catchUpCards(app.database.db, provider(), never);
    assert.equal(await look(), 0);
    await app.database.advance(16 * 60_000);
    assert.equal(await look(), 1);
    assert.equal((await show(one)).status, 'on');
    await app.database.advance(23 * HOUR_MS);
    assert.equal(await look(), 0);
    await forgetAll(other.workspaceId);
    assert.equal(app.stripe.session(unused).status, 'expired');
    assert.deepEqual(await cardsOf(other.workspaceId), []);
  });

  test('begins one page under one key, also after the provider was away, and takes a card into use once', async () => {
    hears();
    const person = await app.person();
    await call(setAutoTopUp, person.token, { body: TERMS });
    const request = { body: {}, headers: { 'idempotency-key': 'once' } };
    app.stripe.answerNext({ status: 503, body: {} });
    assert.equal((await call(storeCard, person.token, request)).body.code, 'unavailable');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call(storeCard, person.token, request)),
    );
    assert.equal(new Set(answers.map(({ body }) => body.setup_url)).size, 1, answers[0]!.text);
    const session = new URL(answers[0]!.body.setup_url).pathname.split('/').at(-1)!;
    await app.stripe.storeCard(session);
    const notice = app.stripe.sent.at(-1)!;
    const copies = await Promise.all(Array.from({ length: 16 }, () => deliver(notice)));
    assert.deepEqual([...new Set(copies.map(({ statusCode }) => statusCode))], [200]);
    const cards = await cardsOf(person.workspaceId);
    assert.deepEqual(
      cards.map(({ state }) => state),
      ['stored'],
    );
  });

  for (const kind of ['refund', 'dispute', 'operator'] as const) {
    test(`is off after money of it went back (${kind}), and the card is forgotten`, async () => {
      const { workspaceId, token, method } = await ready();
      const [payment] = await look(workspaceId);
      if (kind === 'refund') await app.stripe.refund(payment!.external_id!, 100);
      if (kind === 'dispute') await app.stripe.dispute(payment!.external_id!, 5_000);
      if (kind === 'operator') {
        const id = (await show({ token })).last_try.top_up_id;
        const answer = await callOperation(app.server, refundPayment, { token: app.admin, id, body: {} });
        assert.equal(answer.status, 200, answer.text);
      }
      const shown = await show({ token });
      const by = kind === 'dispute' ? 'disputed' : 'refunded';
      assert.deepEqual([shown.status, shown.stopped_by], ['off', by]);
      await empty(workspaceId);
      await app.database.advance(HOUR_MS);
      assert.equal((await look(workspaceId)).length, 1);
      assert.equal((await call(storeCard, token, { body: {} })).body.code, 'conflict');
      await forgetAll(workspaceId);
      assert.deepEqual([await cardsOf(workspaceId), app.stripe.knows(method)], [[], false]);
      await booksHold();
    });
  }

  test('is set by an owner, administrator or billing member with a fresh sign-in; by no other, and by no key', async () => {
    hears();
    const workspace = { [names.workspace]: app.shop.publicId };
    const as = (person: TestPerson, operation = setAutoTopUp as Parameters<typeof callOperation>[1]) =>
      call(operation, person.token, {
        headers: workspace,
        ...(operation.request.body ? { body: operation.examples?.body } : {}),
      });
    for (const role of ['owner', 'admin', 'billing', 'developer', 'viewer'] as const) {
      const member = await app.person({ memberOf: { workspaceId: app.shop.id, role } });
      const may = role === 'owner' || role === 'admin' || role === 'billing';
      const answer = await as(member);
      assert.equal(answer.status, may ? 200 : 403, `${role}: ${answer.text}`);
      assert.equal((await as(member, storeCard)).status, may ? 201 : 403, role);
      if (!may) assert.equal((await as(member, endAutoTopUp)).status, 403, role);
      if (role !== 'billing') continue;
      await app.database.sql(
        `update accounts.session set authenticated_at = authenticated_at - interval '11 minutes' where id = '${member.sessionId}'`,
      );
      app.authenticator.forget(member.sessionId);
      for (const operation of [setAutoTopUp, storeCard]) {
        assert.equal((await as(member, operation)).body.code, 'reauthentication_required');
      }
      // Ending it is never made hard.
      assert.equal((await as(member, endAutoTopUp)).status, 204);
    }
    for (const operation of [setAutoTopUp, storeCard] as const) {
      const keyed = await call(operation, app.shop.token, { body: operation.examples.body });
      assert.equal(keyed.body.code, 'scope_missing');
    }
    const test = await app.issue(app.shop.id, workspaceScopes, 'test');
    assert.equal((await call(setAutoTopUp, test, { body: TERMS })).body.code, 'scope_missing');
    assert.equal((await call(endAutoTopUp, test)).body.code, 'test_key_refused');
  });

  test('of one workspace is shown, set and ended by it alone', async () => {
    const { token, workspaceId } = await ready();
    const stranger = await app.person();
    assert.equal((await show(stranger)).status, 'off');
    const foreign = { headers: { [names.workspace]: `wrk_${newId()}` } };
    assert.equal((await call(setAutoTopUp, stranger.token, { ...foreign, body: TERMS })).status, 404);
    assert.equal((await call(endAutoTopUp, stranger.token)).status, 204);
    assert.equal((await show({ token })).status, 'on');
    assert.equal((await cardsOf(workspaceId)).length, 1);
  });

  test('is refused in another currency, below 1.00, above its cap, in fractions of a cent, and larger than the books', async () => {
    const { token } = await app.person();
    const refused = async (change: object) => {
      const answer = await call(setAutoTopUp, token, { body: { ...TERMS, ...change } });
      return [answer.status, answer.body.field];
    };
    const usd = { amount: '50.00', currency: 'USD' };
    assert.deepEqual(await refused({ threshold: usd }), [400, 'threshold.currency']);
    assert.deepEqual(await refused({ amount: usd }), [400, 'amount.currency']);
    assert.deepEqual(await refused({ monthly_cap: usd }), [400, 'monthly_cap.currency']);
    assert.deepEqual(await refused({ amount: eur('0.99') }), [400, 'amount.amount']);
    assert.deepEqual(await refused({ amount: eur('50.001') }), [400, 'amount.amount']);
    assert.deepEqual(await refused({ monthly_cap: eur('49.99') }), [400, 'monthly_cap.amount']);
    assert.equal((await refused({ amount: eur('0') }))[0], 400);
    assert.equal((await refused({ threshold: eur('-1') }))[0], 400);
    assert.equal((await refused({ monthly_cap: eur('99999999999999999.00') }))[0], 400);
    assert.equal((await refused({ card: '4242424242424242' }))[0], 400);
    assert.equal((await call(storeCard, token, { body: {} })).body.code, 'conflict');
    assert.equal(
      (await call(setAutoTopUp, token, { body: { ...TERMS, monthly_cap: eur('50.00') } })).status,
      200,
    );
  });

  test('takes no answer for a charge that speaks of another payment, and none that is no answer', async () => {
    const { workspaceId } = await ready();
    const payment = await begin(workspaceId);
    const intent = {
      id: 'pi_other',
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 5_000,
      currency: 'eur',
      metadata: { payment_id: `top_${newId()}` },
    };
    const silence = { status: 500, body: {} };
    for (const body of [null, [], {}, intent, { ...intent, metadata: null }, { ...intent, status: 'odd' }]) {
      app.stripe.answerNext({ status: 200, body }, silence);
      assert.equal(await charge(payment.id), 'unknown', JSON.stringify(body));
      app.stripe.answerNext(silence, { status: 200, body: { object: 'list', data: [body] } });
      assert.equal(await charge(payment.id), 'unknown', JSON.stringify(body));
    }
    app.stripe.answerNext({ status: 400, body: { error: { type: 'idempotency_error' } } }, silence);
    assert.equal(await charge(payment.id), 'unknown');
    assert.equal(await available(workspaceId), 0n);
    assert.equal(await charge(payment.id), 'settled');
    assert.equal(await available(workspaceId), 50_000_000n);
  });

  test('learns nothing from notices of payments that are not its own, or forged ones', async () => {
    const { workspaceId } = await ready();
    const payment = await begin(workspaceId);
    const intent = {
      id: 'pi_foreign',
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 9_900,
      currency: 'eur',
    };
    const told = async (notice: SentNotice) => {
      const answer = await deliver(notice);
      return [answer.statusCode, answer.json().outcome ?? answer.json().code];
    };
    const signed = (change: object) => app.stripe.sign('payment_intent.succeeded', { ...intent, ...change });
    assert.deepEqual(await told(signed({})), [200, 'ignored']);
    assert.deepEqual(await told(signed({ metadata: { payment_id: 'top_nothing' } })), [200, 'ignored']);
    assert.deepEqual(await told(signed({ status: 'none' })), [400, 'notice_refused']);
    const forged = signed({ metadata: { payment_id: payment.id } });
    assert.deepEqual(await told({ ...forged, body: forged.body.replace('9900', '9901') }), [
      400,
      'notice_refused',
    ]);
    assert.equal(await available(workspaceId), 0n);
  });
});

describe('where the policy has the feature off', () => {
  const app = useApi({}, () => ({ stripe: null }));

  test('nothing is set, shown or stored', async () => {
    const { token } = await app.person();
    const body = setAutoTopUp.examples.body;
    assert.equal((await callOperation(app.server, setAutoTopUp, { token, body })).body.code, 'feature_off');
    assert.equal((await callOperation(app.server, storeCard, { token, body: {} })).body.code, 'feature_off');
    const rows = await app.database.sql('select from payments.auto_top_up');
    assert.equal(rows.length, 0);
  });
});
