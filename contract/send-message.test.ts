import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { check } from './check.ts';
import { checkSendMessage } from './check-send-message.ts';
import { sendMessageSchema } from './send-message.ts';

const sweep = Number(process.env.SOTTO_SWEEP ?? '1');
const minimal = { to: '+4915123456789', text: 'Hello' };

/** Holds both checks to one verdict, one value, and one first fault. */
function agree(value: unknown): boolean {
  const slow = check(sendMessageSchema, value);
  const fast = checkSendMessage(value);
  assert.equal(fast.ok, slow.ok, JSON.stringify(value));
  if (fast.ok && slow.ok) assert.deepEqual(fast.value, slow.value);
  if (!fast.ok && !slow.ok) {
    const { field, code, message } = fast;
    assert.deepEqual({ field, code, message }, slow.faults[0], JSON.stringify(value));
  }
  return fast.ok;
}

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '\udc00',
    '😀',
    'é',
    '\n',
    '\u0085',
    'a'.repeat(1600),
    'a'.repeat(1601),
  ),
);
const number = fc.oneof(
  digits(1, 18).map((text) => `+${text}`),
  digits(1, 18),
  fc.constantFrom('+4915123456789', '004915123456789', '+49 151 23456789', '+4915123456789\n', '+٤٩١٥١٢٣٤٥'),
);
const sender = fc.oneof(
  number,
  fc.string({ unit: fc.constantFrom(..."AZaz09 .&_+'-@é"), maxLength: 13 }),
  fc.constantFrom('Sotto', ' Sotto', 'Sotto ', '12', '12345', '123456789', 'a', '-', '1a'),
);
const instant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-02-29T00:00:00Z',
    '2028-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-11-21T09:30Z',
    '2026-11-21T09:30:00+01:00',
    '2026-11-21T09:30:60Z',
    '2026-11-21 09:30:00Z',
    '2026-11-21T09:30:00.1234567Z',
    '2026-11-21T09:30:00.123456Z',
  ),
);
const metadata = fc.dictionary(
  fc.oneof(anyText, fc.constantFrom('order', '__proto__', 'constructor', 'k'.repeat(40), 'k'.repeat(41))),
  fc.oneof(anyText, fc.constantFrom('v'.repeat(200), 'v'.repeat(201)), fc.integer()),
  { maxKeys: 12 },
);
const any = fc.jsonValue();

const valid = fc.record(
  {
    to: digits(6, 14).map((text) => `+1${text}`),
    text: fc.string({ minLength: 1 }),
    from: fc.constantFrom('Sotto', '12345', '+4915123456789', '4915123456789'),
    class: fc.constantFrom('otp', 'transactional', 'marketing'),
    scheduled_at: fc.constantFrom('2026-11-21T09:30:00Z', '2028-02-29T00:00:00.5Z'),
    validity_seconds: fc.integer({ min: 60, max: 259_200 }),
    reference: fc.string({ unit: 'grapheme-ascii', maxLength: 100 }),
    metadata: fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.string({ unit: 'grapheme-ascii', maxLength: 50 }),
    ),
  },
  { requiredKeys: ['to', 'text'], noNullPrototype: true },
);

const loose = fc.record(
  {
    to: fc.oneof(number, any),
    text: fc.oneof(anyText, any),
    from: fc.oneof(sender, any),
    class: fc.oneof(fc.constantFrom('otp', 'transactional', 'marketing', 'OTP', ''), any),
    scheduled_at: fc.oneof(instant, any),
    validity_seconds: fc.oneof(
      fc.integer({ min: 0, max: 300_000 }),
      fc.double(),
      fc.constantFrom(59, 60, 259_200, 259_201),
      any,
    ),
    reference: fc.oneof(anyText, any),
    metadata: fc.oneof(metadata, any),
    extra: any,
  },
  { requiredKeys: [], noNullPrototype: true },
);

test('the fast check accepts valid messages and returns what the schema returns', () => {
  fc.assert(
    fc.property(valid, (value) => {
      assert.equal(agree(value), true, JSON.stringify(value));
    }),
    { numRuns: 500 * sweep },
  );
});

test('the fast check and the schema agree on a valid message with one field replaced', () => {
  let refused = 0;
  fc.assert(
    fc.property(valid, loose, fc.nat(), (value, other, at) => {
      const entries = Object.entries(other);
      const entry = entries[at % Math.max(entries.length, 1)];
      const mutated = entry === undefined ? value : { ...value, [entry[0]]: entry[1] };
      if (!agree(mutated)) refused++;
    }),
    { numRuns: 2000 * sweep },
  );
  assert.ok(refused > 100, `only ${refused} mutations were refused, so the test looked at little`);
});

test('the fast check and the schema agree on objects of random fields and on any JSON', () => {
  fc.assert(
    fc.property(fc.oneof(loose, any, fc.constant(undefined)), (value) => void agree(value)),
    {
      numRuns: 3000 * sweep,
    },
  );
});

test('polluting names are refused or inert, and never reach a prototype (checklist 7)', () => {
  const top = JSON.parse('{"to":"+4915123456789","text":"Hi","__proto__":{"admin":true}}');
  assert.equal(agree(top), false);
  const inner = JSON.parse(
    '{"to":"+4915123456789","text":"Hi","metadata":{"__proto__":"x","constructor":"y"}}',
  );
  assert.equal(agree(inner), true);
  const checked = checkSendMessage(inner);
  assert.ok(checked.ok);
  assert.equal(Object.getPrototypeOf(checked.value.metadata), Object.prototype);
  assert.deepEqual(Object.keys(checked.value.metadata ?? {}), ['constructor']);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test('each bound holds on both of its sides', () => {
  const cases: [object, boolean][] = [
    [{ text: 'a'.repeat(1600) }, true],
    [{ text: 'a'.repeat(1601) }, false],
    [{ text: '' }, false],
    [{ to: '+1234567' }, true],
    [{ to: '+123456' }, false],
    [{ to: '+123456789012345' }, true],
    [{ to: '+1234567890123456' }, false],
    [{ to: '4915123456789' }, false],
    [{ to: '+0491512345678' }, false],
    [{ from: 'ABCDEFGHIJK' }, true],
    [{ from: 'ABCDEFGHIJKL' }, false],
    [{ from: '123' }, true],
    [{ from: '12' }, false],
    [{ validity_seconds: 60 }, true],
    [{ validity_seconds: 59 }, false],
    [{ validity_seconds: 259_200 }, true],
    [{ validity_seconds: 259_201 }, false],
    [{ validity_seconds: 60.5 }, false],
    [{ validity_seconds: '60' }, false],
    [{ reference: 'r'.repeat(100) }, true],
    [{ reference: 'r'.repeat(101) }, false],
    [{ reference: 'a\nb' }, false],
    [{ metadata: Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`k${at}`, ''])) }, true],
    [{ metadata: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`k${at}`, ''])) }, false],
    [{ metadata: { '': 'x' } }, false],
    [{ metadata: [] }, false],
    [{ class: null }, false],
    [{ from: null }, false],
  ];
  for (const [fields, ok] of cases) {
    const value = { ...minimal, ...fields };
    assert.equal(agree(value), ok, JSON.stringify(fields).slice(0, 80));
  }
});

test('refusals carry the code a caller branches on', () => {
  const codeOf = (fields: object) => {
    const checked = checkSendMessage({ ...minimal, ...fields });
    return checked.ok ? null : checked.code;
  };
  assert.equal(codeOf({ to: '12' }), 'invalid_number');
  assert.equal(codeOf({ to: undefined }), 'invalid_request');
  assert.equal(codeOf({ text: '' }), 'text_empty');
  assert.equal(codeOf({ text: 'a'.repeat(1601) }), 'text_too_long');
  assert.equal(codeOf({ from: '@' }), 'invalid_sender');
  assert.equal(codeOf({ scheduled_at: 'tomorrow' }), 'invalid_schedule');
  assert.equal(codeOf({ priority: 1 }), 'unknown_field');
});

test('no refusal repeats the value it refuses', () => {
  const secret = 'SECRET-4711';
  for (const field of [
    'to',
    'text',
    'from',
    'class',
    'scheduled_at',
    'validity_seconds',
    'reference',
    'metadata',
  ]) {
    const value = {
      ...minimal,
      [field]: field === 'text' ? `${secret}\0` : `${secret}\u0000 @@@ far too long`,
    };
    const fast = checkSendMessage(value);
    assert.equal(fast.ok, false, field);
    assert.ok(!JSON.stringify(fast).includes(secret), field);
    assert.ok(!JSON.stringify(check(sendMessageSchema, value)).includes(secret), field);
  }
});
