import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { createConnectorSchema, updateConnectorSchema } from './admin/connector.ts';
import { check, fieldOf } from './check.ts';
import { createApiKeySchema } from './keys.ts';
import { operations } from './operations.ts';
import { faultsMax } from './problem.ts';

const faultsOf = (schema: z.ZodType, value: unknown) => {
  const checked = check(schema, value);
  return checked.ok ? [] : checked.faults;
};

test('every fault names its field and says what the field must be', () => {
  const schema = z.strictObject({
    name: z.string().min(2).max(3),
    count: z.int().min(1).max(9),
    kind: z.enum(['a', 'b']),
    list: z.array(z.strictObject({ id: z.string() })).max(2),
    map: z.record(z.string(), z.string()),
  });
  assert.deepEqual(
    faultsOf(schema, { name: 'x', count: 10, kind: 'c', list: [{ id: 1 }], map: [], other: 1 }).map(
      (f) => f.message,
    ),
    [
      '`name` must have at least 2 characters.',
      '`count` must be at most 9.',
      '`kind` must be one of: a, b.',
      '`list[0].id` must be a string.',
      '`map` must be an object.',
      '`other` is not a field of this request.',
    ],
  );
  assert.deepEqual(
    faultsOf(schema, {}).map((f) => f.message),
    [
      '`name` is required.',
      '`count` is required.',
      '`kind` is required.',
      '`list` is required.',
      '`map` is required.',
    ],
  );
  assert.equal(faultsOf(schema, undefined)[0]?.message, 'A body is required.');
  assert.equal(faultsOf(schema, [])[0]?.message, 'The body must be an object.');
  assert.equal(faultsOf(schema, { count: 1.5 })[1]?.message, '`count` must be a whole number.');
});

test('each unknown field is a fault of its own, at the place where it stands', () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.string() }) });
  assert.deepEqual(
    faultsOf(schema, { a: { b: '', c: 1, d: 2 }, e: 3 }).map((f) => [f.field, f.code]),
    [
      ['a.c', 'unknown_field'],
      ['a.d', 'unknown_field'],
      ['e', 'unknown_field'],
    ],
  );
});

test('faults are bounded in number and in the length of names that come from the caller', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, 1]));
  assert.equal(faultsOf(z.strictObject({}), many).length, faultsMax);
  const [fault] = faultsOf(z.strictObject({}), { ['x'.repeat(1_000_000)]: 1 });
  assert.ok(fault && JSON.stringify(fault).length < 400);
});

test('paths read as people write them', () => {
  assert.equal(fieldOf(['errors', 0, 'field']), 'errors[0].field');
  assert.equal(fieldOf([]), '');
  assert.equal(fieldOf([3]), '[3]');
});

test('every operation refuses unknown fields in body, query and path', () => {
  for (const operation of operations) {
    for (const [place, schema] of Object.entries(operation.request)) {
      const faults = faultsOf(schema as z.ZodType, { surely_unknown: 1 });
      assert.ok(
        faults.some((fault) => fault.code === 'unknown_field' && fault.field === 'surely_unknown'),
        `${operation.id} ${place}`,
      );
    }
  }
});

test('no body, query or path makes a check throw, whatever JSON it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...operations), fc.jsonValue(), (operation, value) => {
      for (const schema of Object.values(operation.request)) {
        const checked = check(schema as z.ZodType, value);
        if (!checked.ok) assert.ok(checked.faults.length > 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('a new connector gets its defaults and keeps its secrets to SMPP sizes', () => {
  const minimal = {
    name: 'one',
    host: 'smpp.example.com',
    port: 2775,
    system_id: 'sotto',
  };
  const checked = check(createConnectorSchema, minimal);
  assert.ok(checked.ok);
  const { bind_mode, binds, window_size, otp_window_reserve, parts_per_second, password } = checked.value;
  assert.deepEqual(
    { bind_mode, binds, window_size, otp_window_reserve, parts_per_second, password },
    {
      bind_mode: 'trx',
      binds: 1,
      window_size: 10,
      otp_window_reserve: 1,
      parts_per_second: null,
      password: '',
    },
  );
  for (const bad of [
    { name: 'One' },
    { password: 'secret089' },
    { system_id: 'x'.repeat(16) },
    { system_id: '' },
    { system_id: 'a\0b' },
    { host: 'smpp://example.com' },
    { host: '[::1]' },
    { host: '' },
    { port: 0 },
    { port: 65_536 },
    { port: '2775' },
    { window_size: 0 },
    { tls_ca: 'not a certificate' },
    { interface_version: '4.0' },
    { throttling_statuses: [0] },
  ]) {
    assert.equal(check(createConnectorSchema, { ...minimal, ...bad }).ok, false, JSON.stringify(bad));
  }
  for (const host of ['localhost', '192.0.2.1', '2001:db8::1', 'smsc-1.example.com']) {
    assert.equal(check(createConnectorSchema, { ...minimal, host }).ok, true, host);
  }
});

test('a change of a connector touches only what it names', () => {
  assert.deepEqual(check(updateConnectorSchema, { parts_per_second: 100 }), {
    ok: true,
    value: { parts_per_second: 100 },
  });
  assert.deepEqual(check(updateConnectorSchema, {}), { ok: true, value: {} });
});

test('a key cannot be asked to hand on the power to create keys', () => {
  const base = { name: 'shop', scopes: ['messages:send'] };
  assert.equal(check(createApiKeySchema, base).ok, true);
  for (const bad of [
    { scopes: ['keys:write'] },
    { scopes: [] },
    { scopes: ['everything'] },
    { networks: ['192.0.2.0/33'] },
    { networks: ['not a network'] },
    { kind: 'root' },
    { workspace_id: 'wrk_01jd3rh8e7fv2r0kqvw4m9xt5c' },
  ]) {
    assert.equal(check(createApiKeySchema, { ...base, ...bad }).ok, false, JSON.stringify(bad));
  }
  assert.equal(
    check(createApiKeySchema, { ...base, networks: ['192.0.2.0/24', '2001:db8::/32', '192.0.2.1', '::1'] })
      .ok,
    true,
  );
});
