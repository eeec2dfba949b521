// Holds of messages of several parts, whose parts are decided in transactions that run at the same time.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { expireHolds } from '#ledger';
import type { OpenTx } from '#platform/database';
import { newId } from '#platform/ids';
import { UNKNOWN_HOLD_MS } from './classes.ts';
import { giveUpOnUnknown, settleMessages } from './maintenance.ts';
import { storeAnswers } from './outcome.sql.ts';
import { claim, registerSender } from './sender.sql.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: settlement', () => {
  const at = useMessaging();

  test('two parts decided at the same moment settle their message once, by whoever comes second', async () => {
    const connectorId = newId();
    const shop = await at.workspace();
    const { id } = await at
      .acceptance(tariffOver([connectorId]))
      .acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
    const token = randomUUID();
    await at.db.batch((tx) => registerSender(tx, token, 60_000));
    const rows = await at.db.batch((tx) => claim(tx, token, connectorId, 0, 2));
    assert.equal(rows.length, 2);
    const decide = async (tx: OpenTx, row: (typeof rows)[number]) => {
      const { sequence, epoch } = row;
      const carrierMessageId = `carrier-${sequence}`;
      await storeAnswers(tx, token, [
        { messageId: id, sequence, epoch, status: 'submitted', carrierMessageId, errorCode: null },
      ]);
    };
    const workspaceOf = new Map([[id, shop.workspaceId]]);
    const first = await at.db.begin();
    const second = await at.db.begin();
    await decide(first, rows[0]!);
    await decide(second, rows[1]!);
    await settleMessages(first, workspaceOf);
    let done = false;
    const settling = settleMessages(second, workspaceOf).then(() => {
      done = true;
    });
    await until(async () => done || (await at.count('pg_locks', 'not granted')) > 0, 'the second one waits');
    await first.commit();
    await settling;
    await second.commit();
    assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 0n]);
  });

  test('the wait for an unknown part ends before the hold does, and what was taken is charged', async () => {
    const line = await at.line({
      script: (part) =>
        part.id.endsWith('1')
          ? { kind: 'unknown', reason: 'lost' }
          : { kind: 'accepted', carrierMessageId: 'taken' },
    });
    const shop = await at.workspace();
    const request = aRequest({ text: textOfParts(2), class: 'otp', validity_seconds: 60 });
    const { id } = await line.acceptance.acceptOne(shop, request, null);
    await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 2);
    await line.stop();
    await at.advance(60_000 + UNKNOWN_HOLD_MS + 60_000);
    await at.db.batch((tx) => expireHolds(tx, 100));
    await giveUpOnUnknown(at.db);
    assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
  });

  test('a part that was given back still shows as submitting', async () => {
    const line = await at.line({
      script: () => ({ kind: 'refused', status: 0x58, errorCode: '0x58', severity: 'throttled' }),
    });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
    await until(
      async () => (await at.count('messages.queue', 'message_id = $1 and attempts > 0', [id])) === 1,
    );
    assert.equal((await at.read(shop, id)).status, 'submitting');
  });
});
