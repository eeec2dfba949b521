// What bad input gets: a problem with a code, the field at fault and a way out; nothing stored, nothing charged.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorCode } from '@sotto/contract';
import { createKey } from '#accounts';
import { credit } from '#ledger';
import { good, TO, useRefusals } from './test/refusals.ts';

describe('bad input', () => {
  const { app, send, refuses } = useRefusals();

  test('the good request that all others differ from is accepted', async () => {
    const answer = await send(good);
    assert.equal(answer.statusCode, 202, answer.payload);
  });

  describe('a value', () => {
    const cases: readonly [string, ErrorCode, string, object][] = [
      ['a number without a plus', 'invalid_number', 'to', { ...good, to: '4915550123456' }],
      ['a number of no country', 'invalid_number', 'to', { ...good, to: '+999123456789' }],
      ['a number too short', 'invalid_number', 'to', { ...good, to: '+49' }],
      ['a number with spaces', 'invalid_number', 'to', { ...good, to: '+49 1555 0123456' }],
      ['a number without a price or route', 'unreachable_destination', 'to', { ...good, to: '+33612345678' }],
      ['a missing number', 'invalid_request', 'to', { text: 'Hello' }],
      ['an empty text', 'text_empty', 'text', { ...good, text: '' }],
      ['a text of eleven segments', 'text_too_long', 'text', { ...good, text: 'x'.repeat(1_540) }],
      ['a text beyond the wire bound', 'text_too_long', 'text', { ...good, text: 'x'.repeat(1_601) }],
      ['a text with NUL', 'invalid_request', 'text', { ...good, text: 'a\0b' }],
      ['a text with half a surrogate', 'invalid_request', 'text', { ...good, text: '\ud83d' }],
      ['an unknown field', 'unknown_field', 'colour', { ...good, colour: 'red' }],
      ['a number as a number', 'invalid_number', 'to', { ...good, to: 4915550123456 }],
      ['a text as a list', 'invalid_request', 'text', { ...good, text: ['Hello'] }],
      ['a class nobody has', 'invalid_request', 'class', { ...good, class: 'urgent' }],
      [
        'marketing as a code',
        'class_mismatch',
        'class',
        { ...good, class: 'otp', text: '20% off, shop now' },
      ],
      [
        'a schedule that is no time',
        'invalid_schedule',
        'scheduled_at',
        { ...good, scheduled_at: 'tomorrow' },
      ],
      [
        'a schedule in two years',
        'invalid_schedule',
        'scheduled_at',
        { ...good, scheduled_at: '2099-01-01T00:00:00Z' },
      ],
      ['a validity below a minute', 'invalid_request', 'validity_seconds', { ...good, validity_seconds: 59 }],
      ['a validity that is text', 'invalid_request', 'validity_seconds', { ...good, validity_seconds: '60' }],
      [
        'a card number noted beside it',
        'invalid_request',
        'metadata',
        { ...good, metadata: { paid: '4111111111111111' } },
      ],
      ['a sender that is too long', 'invalid_sender', 'from', { ...good, from: 'TwelveLetter' }],
      [
        'a sender that is somebody else’s number',
        'invalid_sender',
        'from',
        { ...good, from: '+4915550000001' },
      ],
      ['metadata that is not flat', 'invalid_request', 'metadata.a', { ...good, metadata: { a: {} } }],
    ];
    for (const [what, code, field, body] of cases) {
      test(`(${what}) is refused as ${code} at ${field} (checklist 5)`, () => refuses(code, field, body));
    }
  });

  describe('a body', () => {
    const cases: readonly [string, ErrorCode, string | null, string | Buffer][] = [
      ['malformed', 'invalid_json', null, '{"to":'],
      ['empty', 'invalid_json', null, ''],
      ['of another kind', 'invalid_request', '', '[]'],
      ['with a name twice', 'duplicate_field', 'to', `{"to":"${TO}","to":"${TO}","text":"Hello"}`],
      [
        'with __proto__',
        'unknown_field',
        '__proto__',
        `{"to":"${TO}","text":"Hello","__proto__":{"class":"otp"}}`,
      ],
      ['with constructor', 'unknown_field', 'constructor', `{"to":"${TO}","text":"Hello","constructor":1}`],
      ['not in UTF-8', 'invalid_encoding', null, Buffer.from('{"to":"+49","text":"\xff"}', 'latin1')],
      ['too large', 'body_too_large', null, `{"to":"${TO}","text":"${'x'.repeat(70_000)}"}`],
    ];
    for (const [what, code, field, body] of cases) {
      test(`(${what}) is refused as ${code}`, () => refuses(code, field, body));
    }

    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      test(`of type ${type} is refused as unsupported_media_type`, () =>
        refuses('unsupported_media_type', null, JSON.stringify(good), { headers: { 'content-type': type } }));
    }
  });

  describe('a caller', () => {
    const keyWith = (change: object) =>
      app.database.db.batch(async (tx) => {
        const made = await createKey(tx, app.keyring, 'operator', {
          workspaceId: app.shop.id,
          kind: 'live',
          name: 'test',
          scopes: ['messages:send'],
          networks: [],
          expiresAt: null,
          ...change,
        });
        assert.ok(made.outcome !== 'refused', 'a key is made');
        return made;
      });

    test('without a key, or with one that is none, is refused as unauthorized', async () => {
      await refuses('unauthorized', null, good, { token: null });
      await refuses('unauthorized', null, good, { token: 'nonsense' });
      const mistyped = app.shop.token.slice(0, -1) + (app.shop.token.endsWith('x') ? 'y' : 'x');
      await refuses('unauthorized', null, good, { token: mistyped });
      await refuses('unauthorized', null, good, { token: null, headers: { authorization: 'Basic YTpi' } });
    });

    test('with an expired key is told so', async () => {
      const [soon] = await app.database.sql<{ at: Date }>(
        `select platform.clock() + interval '1 minute' as at`,
      );
      const { token } = await keyWith({ expiresAt: soon!.at });
      await app.database.advance(61_000);
      await refuses('key_expired', null, good, { token });
    });

    test('from a network that is not the key’s is refused', async () => {
      const { token } = await keyWith({ networks: ['192.0.2.0/24'] });
      await refuses('ip_not_allowed', null, good, { token });
      await refuses('ip_not_allowed', null, good, { token, headers: { 'x-forwarded-for': '192.0.2.1' } });
    });

    test('of another workspace finds nothing here, neither to read nor to cancel nor to erase', async () => {
      const { id } = (await send(good)).json() as { id: string };
      const stranger = { token: app.stranger.token };
      await refuses('not_found', null, undefined, { ...stranger, method: 'GET', url: `/v1/messages/${id}` });
      await refuses('not_found', null, undefined, { ...stranger, url: `/v1/messages/${id}/cancel` });
      await refuses('not_found', null, undefined, {
        ...stranger,
        method: 'DELETE',
        url: `/v1/messages/${id}`,
      });
    });

    test('without the money is refused, and may repeat the request with its key after a top-up', async () => {
      const asked = { token: app.stranger.token };
      await refuses('insufficient_funds', null, good, asked);
      await app.database.db.batch((tx) =>
        credit(tx, 'top_up', {
          workspaceId: app.stranger.id,
          amountMicros: 7_500n,
          currency: 'EUR',
          key: 'x',
        }),
      );
      const answer = await send(good, { ...asked, headers: { 'idempotency-key': 'bad' } });
      assert.equal(answer.statusCode, 202, answer.payload);
    });

    test('with an Idempotency-Key of another form, or for another body, is refused', async () => {
      await refuses('invalid_idempotency_key', null, good, { headers: { 'idempotency-key': 'a b' } });
      await refuses('invalid_idempotency_key', null, good, {
        headers: { 'idempotency-key': 'x'.repeat(256) },
      });
      const first = await send(good, { headers: { 'idempotency-key': 'once' } });
      const again = await send(good, { headers: { 'idempotency-key': 'once' } });
      assert.equal(again.payload, first.payload, 'byte by byte');
      await refuses(
        'idempotency_mismatch',
        null,
        { ...good, class: 'otp' },
        { headers: { 'idempotency-key': 'once' } },
      );
    });
  });

  describe('an address', () => {
    test('that does not exist is not found, whatever it looks like (checklist 52)', async () => {
      for (const url of [
        '/v1/nothing',
        '/v2/messages',
        '/v1/messages/',
        '/v1//messages',
        '/V1/messages',
        '/v1/messages/x/y/z',
        '/%00',
        `/${'x'.repeat(3_000)}`,
      ]) {
        await refuses('not_found', null, good, { url });
      }
    });

    test('that cannot be decoded is not found, and says so like any other', async () => {
      for (const url of ['/v1/messages/%zz', '/%ff', '/v1/messages/%e0%a4%a']) {
        await refuses('not_found', null, undefined, { url, method: 'GET' });
      }
    });

    test('that exists for other methods names them (checklist 39)', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
        const answer = await send(undefined, { method });
        assert.deepEqual([answer.statusCode, answer.json().code], [405, 'method_not_allowed'], method);
        assert.deepEqual(String(answer.headers.allow).split(', ').sort(), ['GET', 'POST']);
      }
    });

    test('with a query that does not fit names the parameter', async () => {
      const get = { method: 'GET' as const };
      await refuses('unknown_field', 'page', undefined, { ...get, url: '/v1/messages?page=2' });
      await refuses('duplicate_field', 'limit', undefined, { ...get, url: '/v1/messages?limit=1&limit=2' });
      await refuses('invalid_request', 'limit', undefined, { ...get, url: '/v1/messages?limit=0' });
      await refuses('invalid_request', 'status', undefined, { ...get, url: '/v1/messages?status=gone' });
      await refuses('invalid_cursor', 'cursor', undefined, { ...get, url: '/v1/messages?cursor=zzz' });
      await refuses('unknown_field', '__proto__', undefined, { ...get, url: '/v1/messages?__proto__=x' });
    });
  });

  test('a batch refuses its bad items each, and sends the good ones', async () => {
    const answer = await send(
      { messages: [good, { ...good, to: '+1' }, 7, { ...good, colour: 'red' }, { ...good, text: '' }, good] },
      { url: '/v1/messages/batch' },
    );
    assert.equal(answer.statusCode, 202, answer.payload);
    const { data } = answer.json() as {
      data: { message?: object; error?: { code: string; field?: string } }[];
    };
    assert.deepEqual(
      data.map(({ message, error }) => (message ? 'sent' : [error!.code, error!.field ?? null])),
      [
        'sent',
        ['invalid_number', 'to'],
        ['invalid_request', ''],
        ['unknown_field', 'colour'],
        ['text_empty', 'text'],
        'sent',
      ],
    );
  });

  test('a batch of none, or of too many, is refused whole (checklist 14)', async () => {
    await refuses('invalid_request', 'messages', { messages: [] }, { url: '/v1/messages/batch' });
    await refuses(
      'invalid_request',
      'messages',
      { messages: Array.from({ length: 10_001 }, () => ({ to: TO, text: 'x' })) },
      { url: '/v1/messages/batch' },
    );
  });
});
