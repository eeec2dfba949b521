// Notices of the stores that are nobody's, not true or not to be answered now; and purchases the store has to hear of.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noticeBytesMax } from '@sotto/contract/payment-notices';
import { fakeChain } from '@sotto/simulator';
import { alignedNowMs } from '#platform/clock';
import { newId } from '#platform/ids';
import { JobRunner } from '#platform/jobs';
import { paymentsExpiry } from './expiry.ts';
import { paymentsJobs } from './jobs.ts';
import { DAY_MS, useStores } from './test/stores.ts';

describe('notices of the stores', () => {
  const {
    app,
    play,
    toApple,
    toPlay,
    available,
    confirmations,
    confirm,
    confirmAll,
    fromApple,
    buyAtPlay,
    pushBought,
  } = useStores();

  test('while the store does not answer, a push is asked for again and nothing is half done', async () => {
    const before = await available();
    const { token } = buyAtPlay();
    const notice = pushBought(token);
    const known = () => app.database.sql('select 1 from payments.notice where feed = $1', ['play_store']);
    const notices = (await known()).length;
    for (const status of [500, 503, 429]) {
      play.answerNext({ status, body: {} });
      const answer = await toPlay(notice);
      assert.deepEqual([answer.status, answer.body.code], [503, 'unavailable']);
    }
    assert.deepEqual([(await known()).length, await available()], [notices, before]);
    assert.equal((await toPlay(notice)).body.outcome, 'applied');
    const asked = play.asked.get('GET productsv2');
    assert.equal((await toPlay(notice)).body.outcome, 'repeated');
    assert.equal(play.asked.get('GET productsv2'), asked, 'what is known is not asked for again');
    assert.equal(await available(), before + 5);
    await confirmAll();
  });

  test('a store is told of a purchase until it answers, whoever dies in between, and by the worker that every process has', async () => {
    const { token } = buyAtPlay();
    await toPlay(pushBought(token));
    const [{ id }] = (await confirmations()) as [{ id: string; act: string }];
    play.answerNext({ status: 503, body: {} });
    assert.equal(await confirm(id), 'unknown');
    assert.equal((await confirmations()).length, 1);
    // Told, and died before it was noted: told again.
    const [store] = app.payments.stores;
    await store!.confirm({ act: 'consume', productId: 'credits_5', token });
    const jobs = paymentsJobs({ ...app.payments, keyring: app.keyring, mailBaseUrl: null });
    const runner = new JobRunner({ db: app.database.db, jobs: jobs as never, concurrency: 4 });
    await runner.runDue();
    assert.deepEqual(await confirmations(), []);
    assert.equal(await confirm(id), 'done');
  });

  test('what the store will not hear of, or has returned by then, is told no more', async () => {
    const gone = buyAtPlay();
    await toPlay(pushBought(gone.token));
    const [first] = await confirmations();
    play.answerNext({ status: 410, body: {} });
    assert.equal(await confirm(first!.id), 'refused');
    const late = buyAtPlay();
    await toPlay(pushBought(late.token));
    const [second] = await confirmations();
    await app.database.sql(`update payments.confirmation set created_at = created_at - interval '5 days'`);
    play.answerNext({ status: 503, body: {} });
    assert.equal(await confirm(second!.id), 'done');
    assert.deepEqual(await confirmations(), []);
  });

  test('purchases of testers, of nobody and of a workspace that is none credit nothing and are confirmed to nobody', async () => {
    const before = await available();
    const tested = buyAtPlay({ testPurchaseContext: { fopType: 'TEST' } });
    const notice = pushBought(tested.token);
    assert.deepEqual(await toPlay(notice), { status: 200, body: { outcome: 'ignored' } });
    const asked = play.asked.get('GET productsv2');
    assert.equal((await toPlay(notice)).body.outcome, 'repeated');
    assert.equal(play.asked.get('GET productsv2'), asked);
    const nobodys = [undefined, app.shop.id, 'wrk_00000000000000000000000000'].map((account) =>
      buyAtPlay({ obfuscatedExternalAccountId: account }),
    );
    for (const { token } of nobodys) assert.equal((await toPlay(pushBought(token))).body.outcome, 'ignored');
    for (const appAccountToken of [undefined, newId()])
      assert.equal(
        (await toApple(fromApple('ONE_TIME_CHARGE', { appAccountToken }))).body.outcome,
        'ignored',
      );
    for (const type of ['TEST', 'CONSUMPTION_REQUEST', 'SOMETHING_NEW'])
      assert.equal((await toApple(fromApple(type))).body.outcome, 'ignored', type);
    for (const kind of ['testNotification', 'pendingRefundReviewNotification'])
      assert.equal((await toPlay(play.push(kind, {}))).body.outcome, 'ignored', kind);
    assert.deepEqual([await available(), await confirmations()], [before, []]);
  });

  test('what is forged, of another app, of a sandbox, cut or too large is refused and changes nothing', async () => {
    const before = await available();
    const forged = fakeChain({}, alignedNowMs());
    const good = fromApple('ONE_TIME_CHARGE');
    const refused = [
      { ...good, body: '{}' },
      { ...good, body: good.body.slice(0, -9) },
      fromApple('ONE_TIME_CHARGE', {}, { chain: forged }),
      fromApple('ONE_TIME_CHARGE', {}, { transactionChain: forged }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { environment: 'Sandbox' } }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { environment: 'Xcode' } }),
      fromApple('ONE_TIME_CHARGE', {}, { data: { bundleId: 'com.example.other' } }),
      fromApple('ONE_TIME_CHARGE', {}, { change: { signedDate: alignedNowMs() - 9 * DAY_MS } }),
    ];
    for (const notice of refused) {
      const answer = await toApple(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused'], notice.body.slice(0, 40));
    }
    const large = await toApple({ headers: {}, body: 'x'.repeat(noticeBytesMax + 1) });
    assert.deepEqual([large.status, large.body.code], [413, 'body_too_large']);
    const { token } = buyAtPlay();
    const asked = play.asked.get('GET productsv2');
    for (const notice of [
      { ...pushBought(token), headers: {} },
      pushBought(token, { packageName: 'com.example.other' }),
      pushBought(token, { claims: { aud: 'https://example.org/' } }),
      pushBought(token, { endsInSeconds: -120 }),
    ]) {
      const answer = await toPlay(notice);
      assert.deepEqual([answer.status, answer.body.code], [400, 'notice_refused']);
    }
    assert.equal(play.asked.get('GET productsv2'), asked, 'for who is not believed nothing is asked');
    assert.equal(await available(), before);
  });

  test('of what the stores say, only ids, amounts, states and times are kept', async () => {
    const planted = ['somebody@example.com', 'DE89370400440532013000', 'planted-profile', 'SVN'];
    await toApple(
      fromApple('ONE_TIME_CHARGE', { email: planted[0], iban: planted[1], storefront: planted[3] }),
    );
    const { token } = buyAtPlay({ obfuscatedExternalProfileId: planted[2], regionCode: planted[3] });
    await toPlay(pushBought(token));
    const rows = await app.database.sql<{ row: string }>(
      `select p::text as row from payments.payment p
       union all select n::text from payments.notice n
       union all select c::text from payments.confirmation c
       union all select s::text from payments.subscription s
       union all select j::text from platform.job j`,
    );
    const all = rows.map(({ row }) => row).join('\n');
    for (const value of planted) assert.ok(!all.includes(value), value);
    const jobs = await app.database.sql<{ row: string }>('select j::text as row from platform.job j');
    assert.ok(!jobs.some(({ row }) => row.includes(token)), 'a job knows no token');
    await confirmAll();
    const left = await app.database.sql<{ row: string }>(
      `select p::text as row from payments.payment p union all select n::text from payments.notice n`,
    );
    assert.ok(!left.some(({ row }) => row.includes(token)), 'nor does anything, once the store has heard');
  });

  test('what was never confirmed ends with the books, and not where a legal hold keeps it', async () => {
    const { token } = buyAtPlay();
    await toPlay(pushBought(token));
    const handler = paymentsExpiry(app.keyring).find(({ table }) => table === 'payments.confirmation')!;
    const before = new Date(alignedNowMs() + DAY_MS);
    const run = (held: readonly string[]) =>
      app.database.db.batch((tx) => handler.expire(tx, { before, held, limit: 10 } as never));
    await run([app.shop.id]);
    assert.equal((await confirmations()).length, 1);
    await run([]);
    assert.deepEqual(await confirmations(), []);
  });
});
