// Sending over a carrier in memory: what is claimed, in which order it is written, and what becomes of each answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aRequest, PER_PART, PLENTY } from './test/arrange.ts';
import { useMessaging } from './test/messaging.ts';

const at = useMessaging();

test('an accepted message is submitted, charged once and shows so', async () => {
  const line = await at.line();
  const shop = await at.workspace();
  const request = aRequest({ text: 'Your table is ready.' });
  const { id } = await line.acceptance.acceptOne(shop, request, null);
  const message = await at.becomes(shop, id, 'submitted');
  assert.equal(message.to, request.to);
  assert.deepEqual(
    line.connector.written.map(({ to, text, lane }) => [to, text, lane]),
    [[request.to, 'Your table is ready.', 'transactional']],
  );
  assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
});
