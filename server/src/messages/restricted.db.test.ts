// Sending for a workspace whose processing is restricted, over HTTP (GDPR Art. 18).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendMessage, sendMessageBatch } from '@sotto/contract/messages';
import { getWallet } from '@sotto/contract/wallet';
import { lift, restrict } from '#privacy/processing';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';

describe('a restricted workspace', () => {
  const app = useApi();
  const message = { to: '+4915123456789', text: 'The parcel is at the door.' };
  const batch = { messages: [message] };

  test('sends nothing, alone or in a batch, until the restriction is lifted; it still reads', async () => {
    const subject = { kind: 'workspace', id: app.shop.id } as const;
    const send = (token: string) => callOperation(app.server, sendMessage, { token, body: message });
    await app.database.db.batch((tx) => restrict(tx, subject, 'accuracy_contested'));
    await app.restrictions.refresh();

    const refused = await send(app.shop.token);
    assert.deepEqual([refused.status, refused.body.code], [403, 'restricted']);
    const refusedBatch = await callOperation(app.server, sendMessageBatch, {
      token: app.shop.token,
      body: batch,
    });
    assert.deepEqual([refusedBatch.status, refusedBatch.body.code], [403, 'restricted']);
    for (const { text } of [refused, refusedBatch]) assert.ok(!text.includes(message.to));
    assert.deepEqual(await app.database.sql('select id from messages.message'), []);
    assert.equal((await callOperation(app.server, getWallet, { token: app.shop.token })).status, 200);
    assert.equal((await send(app.stranger.token)).body.code, 'unreachable_destination');

    await app.database.db.batch((tx) => lift(tx, subject, 'accuracy_contested'));
    await app.restrictions.refresh();
    assert.equal((await send(app.shop.token)).body.code, 'unreachable_destination');
  });
});
