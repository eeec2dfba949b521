import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { check } from './check.ts';
import { emailSchema } from './email.ts';
import { lineSchema } from './line.ts';
import { pageBodyFields, pageLimitDefault, pageLimitMax, pageQueryFields } from './paging.ts';
import { personal } from './personal.ts';
import { PREFIX, SENDER } from './phone-number.ts';
import { instantSchema, isInstant } from './time.ts';

test('times are RFC 3339 in UTC and exist in the calendar', () => {
  for (const text of [
    '2026-11-21T09:30:00Z',
    '2026-11-21T09:30:00.5Z',
    '2026-11-21T23:59:59.999999Z',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '2026-12-31T00:00:00Z',
  ]) {
    assert.equal(isInstant(text), true, text);
    assert.equal(check(instantSchema, text).ok, true, text);
  }
  for (const text of [
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-06-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T09:60:00Z',
    '2026-11-21T09:30:60Z',
    '2026-11-21T09:30Z',
    '2026-11-21T09:30:00',
    '2026-11-21T09:30:00z',
    '2026-11-21t09:30:00Z',
    '2026-11-21T09:30:00+00:00',
    '2026-11-21T09:30:00.Z',
    '2026-11-21T09:30:00.1234567Z',
    '2026-11-21',
    '1763717400',
    '',
  ]) {
    assert.equal(isInstant(text), false, text);
    assert.equal(check(instantSchema, text).ok, false, text);
  }
});

test('a sender is a number, a short code or a name that survives the air interface', () => {
  for (const text of [
    '+4915123456789',
    '4915123456789',
    '123',
    '12345678',
    'Sotto',
    'A',
    'My Shop',
    "O'Neil+Co.",
    '1A',
  ]) {
    assert.match(text, SENDER, text);
  }
  for (const text of [
    '',
    '12',
    '+12',
    ' Sotto',
    'Sotto ',
    'a@b',
    'Söt',
    'ABCDEFGHIJKL',
    '- -',
    'a\nb',
    '+1234567890123456',
  ]) {
    assert.doesNotMatch(text, SENDER, text);
  }
});

test('a prefix is empty or digits that can begin a number', () => {
  for (const text of ['', '1', '49', '491512345678901']) assert.match(text, PREFIX);
  for (const text of ['+49', '0', '049', '4915123456789012', '49 ', 'x']) assert.doesNotMatch(text, PREFIX);
});

test('a limit in a query string is read from plain digits only, and has bounds and a default', () => {
  const query = z.strictObject(pageQueryFields);
  const limitOf = (limit: unknown) => {
    const checked = check(query, limit === undefined ? {} : { limit });
    return checked.ok ? checked.value.limit : checked.faults[0].message;
  };
  assert.equal(limitOf(undefined), pageLimitDefault);
  assert.equal(limitOf('1'), 1);
  assert.equal(limitOf('200'), pageLimitMax);
  for (const bad of ['0', '201', '-1', '1.5', '1e2', ' 5', '', 'ten', '0x10', 5, null, ['5', '6']]) {
    assert.equal(limitOf(bad), '`limit` must be a whole number from 1 to 200.', JSON.stringify(bad));
  }
});

test('a limit in a body is a number and is never read from text (checklist 5)', () => {
  const body = z.strictObject(pageBodyFields);
  assert.deepEqual(check(body, {}), { ok: true, value: { limit: pageLimitDefault } });
  assert.equal(check(body, { limit: 200 }).ok, true);
  for (const limit of ['5', 0, 201, 1.5, null]) assert.equal(check(body, { limit }).ok, false);
});

test('a cursor that cannot be ours is refused with its own code', () => {
  const query = z.strictObject(pageQueryFields);
  for (const cursor of ['', 'a b', 'ä', '../x', 'a'.repeat(513)]) {
    const checked = check(query, { cursor });
    assert.equal(checked.ok ? null : checked.faults[0].code, 'invalid_cursor', cursor);
  }
  assert.equal(check(query, { cursor: 'eyJhIjoxfQ-_' }).ok, true);
});

test('a line has no control characters, no halves of surrogate pairs, and a length', () => {
  const schema = lineSchema(5);
  for (const text of ['a', 'Größe', '日本語', '😀']) assert.equal(check(schema, text).ok, true, text);
  for (const text of ['', 'abcdef', 'a\tb', 'a\nb', '\0', '\x7f', '\u0085', '\ud800']) {
    assert.equal(check(schema, text).ok, false, JSON.stringify(text));
  }
});

test('a mark for personal data changes nothing about what a schema accepts', () => {
  const schema = personal('note', z.string().min(2).describe('kept'));
  assert.equal(check(schema, 'ab').ok, true);
  assert.equal(check(schema, 'a').ok, false);
  assert.deepEqual(schema.meta(), { description: 'kept', 'x-sotto-personal': 'note' });
});

test('an e-mail address has one @, no spaces, quotes or lines, and a bounded length', () => {
  for (const text of ['person@example.com', "o'brien+x@a.b.co", 'j\u00f6rg@m\u00fcnchen.example'])
    assert.equal(check(emailSchema, text).ok, true, text);
  for (const text of [
    '',
    'person',
    'person@example',
    'a@b@example.com',
    'a b@example.com',
    '"a"@example.com',
    'a@example.com\nBcc: b@example.com',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(260)}.com`,
  ])
    assert.equal(check(emailSchema, text).ok, false, text);
});
