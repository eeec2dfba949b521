// What is set right after crashes and silence, by the database's clock.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { adoptDeadSenders, dropOrphans, expireWaitingMessages, giveUpOnUnknown } from './maintenance.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: maintenance', () => {
  const at = useMessaging();
  const HOUR_MS = 3_600_000;

  test('the claims of a dead sender: transactional once more and flagged, one-time codes and marketing unknown', async () => {
    const id = newId();
    const tariff = tariffOver([id]);
    const dead = await at.line({ id, tariff, script: () => 'silence', sending: { leaseMs: 1_000 } });
    const shop = await at.workspace();
    const [code, notice, advert] = [
      await dead.acceptance.acceptOne(shop, aRequest({ class: 'otp' }), null),
      await dead.acceptance.acceptOne(shop, aRequest(), null),
      await dead.acceptance.acceptOne(shop, aRequest({ class: 'marketing' }), null),
    ];
    await until(() => dead.connector.written.length === 3);
    await dead.stop();
    assert.equal(await adoptDeadSenders(at.db, 5_000), 0, 'its lease and the grace still run');
    await at.advance(7_000);
    assert.equal(await adoptDeadSenders(at.db, 5_000), 3);
    assert.equal((await at.read(shop, code.id)).status, 'unknown');
    assert.equal((await at.read(shop, advert.id)).status, 'unknown');
    const again = await at.read(shop, notice.id);
    assert.deepEqual([again.status, again.possible_duplicate], ['submitting', true]);
    const heir = await at.line({ id, tariff });
    await at.becomes(shop, notice.id, 'submitted');
    assert.equal(heir.connector.written.length, 1, 'one copy more, of one message');
    assert.deepEqual(await at.purse(shop), [PLENTY - 3n * PER_PART, 2n * PER_PART]);
    // The dead one was only asleep: what it hears now counts no more.
    dead.connector.answer({ kind: 'accepted', carrierMessageId: 'too-late' });
    await dead.sending.outcomes.settled();
    assert.equal((await at.read(shop, code.id)).status, 'unknown');
    assert.deepEqual(await at.purse(shop), [PLENTY - 3n * PER_PART, 2n * PER_PART]);
  });

  test('a sender that was taken over while it lived begins again under a new name', async () => {
    const id = newId();
    const line = await at.line({ id, sending: { leaseMs: 100 } });
    const shop = await at.workspace();
    await at.sql('delete from messages.sender where true');
    await until(() => at.logged.some((entry) => entry.includes('messages.sender_lease_lost')));
    const { id: messageId } = await line.acceptance.acceptOne(shop, aRequest(), null);
    await at.becomes(shop, messageId, 'submitted');
  });

  test('a dead sender with more claims than one batch is taken over whole', async () => {
    const id = newId();
    const shop = await at.workspace();
    await at.acceptance(tariffOver([id])).acceptMany(
      shop,
      Array.from({ length: 1_100 }, () => aRequest({ class: 'otp' })),
      null,
    );
    const token = newId();
    await at.sql(
      `insert into messages.sender (token, expires_at) values ($1, platform.clock() - interval '1 minute')`,
      [token],
    );
    await at.sql('update messages.queue set sender_token = $1, epoch = 1 where connector_id = $2', [
      token,
      id,
    ]);
    assert.equal(await adoptDeadSenders(at.db, 5_000), 1_100);
    assert.equal(await at.count('messages.queue', 'connector_id = $1', [id]), 0);
    assert.equal(await at.count('messages.part', `connector_id = $1 and status = 'unknown'`, [id]), 1_100);
    assert.equal(await at.count('messages.sender', 'token = $1', [token]), 0);
  });

  test('an unknown outcome is given up 72 hours after the validity ended, and its hold released once', async () => {
    const line = await at.line({ script: () => ({ kind: 'unknown', reason: 'lost' }) });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(shop, aRequest({ class: 'otp' }), null);
    await at.becomes(shop, id, 'unknown');
    await line.stop();
    await at.advance(72 * HOUR_MS + 590_000);
    await giveUpOnUnknown(at.db);
    assert.equal((await at.read(shop, id)).finished_at, null, 'ten seconds early');
    assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
    await at.advance(20_000);
    assert.ok((await giveUpOnUnknown(at.db)) >= 1);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    const message = await at.read(shop, id);
    assert.deepEqual([message.status, message.error?.code], ['unknown', 'outcome_unknown']);
    assert.ok(message.finished_at !== null);
    await giveUpOnUnknown(at.db);
    assert.deepEqual(await at.purse(shop), [PLENTY, 0n], 'once');
  });

  test('of a long message that is given up in part, what was taken is paid', async () => {
    const line = await at.line({
      script: (part) =>
        part.concat!.sequence === 1
          ? { kind: 'unknown', reason: 'lost' }
          : { kind: 'accepted', carrierMessageId: `c-${part.id}` },
    });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(
      shop,
      aRequest({ class: 'otp', text: textOfParts(3) }),
      null,
    );
    await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 3);
    await line.stop();
    await at.advance(73 * HOUR_MS);
    await giveUpOnUnknown(at.db);
    assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 0n]);
  });

  test('what expires while it waits is closed and released, every part of it, and nothing else', async () => {
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariffOver([newId()]));
    const short = await acceptance.acceptMany(
      shop,
      Array.from({ length: 300 }, () => aRequest({ validity_seconds: 60, text: textOfParts(2) })),
      null,
    );
    const long = await acceptance.acceptOne(shop, aRequest({ validity_seconds: 3_600 }), null);
    await at.advance(61_000);
    assert.ok((await expireWaitingMessages(at.db)) >= 599);
    await expireWaitingMessages(at.db);
    for (const fact of [short[0]!, short[299]!]) {
      assert.ok('id' in fact);
      const message = await at.read(shop, fact.id);
      assert.deepEqual([message.status, message.error?.code], ['expired', 'carrier_unavailable']);
    }
    assert.equal((await at.read(shop, long.id)).status, 'accepted');
    assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
    assert.equal(await expireWaitingMessages(at.db), 0);
  });

  test('receipts that found no part are dropped after seven days, all of them, and counted', async () => {
    const line = await at.line();
    const receipt = (n: number) => ({
      connectorId: line.connector.id,
      messageIds: [`nobody-${n}`],
      messageIdForms: ['exact' as const],
      destination: '+4915550888888',
      state: 'delivered' as const,
      final: true,
      errorCode: null,
      at: null,
    });
    await line.receive(...Array.from({ length: 1_200 }, (_, n) => receipt(n)));
    await line.stop();
    await at.advance(7 * 24 * HOUR_MS - 60_000);
    assert.equal(await dropOrphans(at.db), 0);
    await at.advance(120_000);
    assert.equal(await dropOrphans(at.db), 1_200);
    assert.equal(await dropOrphans(at.db), 0);
  });
});
