import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_NUMBER, makeRequest, postSpec } from './request-spec.ts';

const spec = (items: number) =>
  postSpec({
    path: '/v1/messages/batch',
    host: '127.0.0.1:3000',
    token: 'key',
    open: '{"messages":[',
    item: ['{"to":"+', '"}'],
    close: ']}',
    items,
  });

test('Content-Length is the length of the body, whatever the numbers', () => {
  for (const items of [1, 2, 1_000]) {
    for (const from of [0, 5_000_000, 9_990_000]) {
      const [head, body] = makeRequest(spec(items), from).split('\r\n\r\n') as [string, string];
      assert.match(head, new RegExp(`\r\nContent-Length: ${Buffer.byteLength(body)}$`));
      const { messages } = JSON.parse(body) as { messages: { to: string }[] };
      assert.equal(messages.length, items);
      assert.equal(messages[0]!.to, `+${FIRST_NUMBER + from}`);
      assert.equal(messages.at(-1)!.to, `+${FIRST_NUMBER + from + items - 1}`);
    }
  }
});
