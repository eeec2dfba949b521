import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { AppError } from '#platform/errors';
import { ERROR_CLASSES } from './error-words.ts';
import { CAUSES_MAX, FRAMES_MAX, frameLine, scrubError } from './scrub-error.ts';

const root = resolve(import.meta.dirname, '../../..');
const SOURCE = `${root}/server/src/telemetry/scrub-error.ts`;

function fails(): never {
  throw new AppError('not_found', { internal: 'no message of +4915550001111', cause: new TypeError('x') });
}

test('a report has class, code, causes and places of our own code, and no message', () => {
  try {
    fails();
  } catch (error) {
    const report = scrubError(error);
    assert.equal(report.class, 'AppError');
    assert.equal(report.code, 'not_found');
    assert.deepEqual(report.causes, ['TypeError']);
    const [first] = report.frames;
    assert.equal(first!.file, 'server/src/telemetry/scrub-error.test.ts');
    assert.equal(first!.function, 'fails');
    assert.match(frameLine(first!), /^server\/src\/telemetry\/scrub-error\.test\.ts:\d+ fails$/);
    assert.ok(report.frames.length <= FRAMES_MAX);
    assert.ok(report.frames.every(({ file }) => !file.includes('node_modules') && !file.startsWith('node:')));
    assert.ok(!JSON.stringify(report).includes('message of'));
  }
});

test('the same fault has one fingerprint, another one another', () => {
  const made = [1, 2].map(() => scrubError(new RangeError('x')).fingerprint);
  assert.equal(made[0], made[1]);
  assert.notEqual(made[0], scrubError(new TypeError('x')).fingerprint);
  assert.match(made[0]!, /^[0-9a-f]{32}$/);
});

test('five digits are a SQLSTATE where the database says so, and may be a one-time code anywhere else', () => {
  const code = '42601';
  assert.equal(scrubError(Object.assign(new pg.DatabaseError('x', 1, 'error'), { code })).code, code);
  assert.equal(scrubError(Object.assign(new Error('x'), { code })).code, null);
  assert.equal(scrubError({ code }).code, null);
});

/** Something personal, in the ways it may be written. */
const personal = fc.oneof(
  fc.integer({ min: 1_000_000, max: 9_999_999 }).map((digits) => `+491555${digits}`),
  fc.integer({ min: 100_000, max: 999_999 }).map(String),
  fc.integer({ min: 1_000_000, max: 9_999_999 }).map((digits) => `ada.${digits}@example.com`),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 }),
  fc
    .string({ unit: fc.constantFrom(...'ABCDEFGHJKMNPQRSTVWXYZ23456789'), minLength: 24, maxLength: 24 })
    .map((t) => `sotto_live_${t}`),
  fc.integer({ min: 100_000, max: 999_999 }).map((code) => `Your code is ${code}, dear Ada Example.`),
);
const written = fc.constantFrom<(text: string) => string>(
  (text) => text,
  JSON.stringify,
  (text) => JSON.stringify(JSON.stringify({ to: text })),
  encodeURIComponent,
  (text) => `https://api.example.com/v1/x?to=${encodeURIComponent(text)}`,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => text.split('').join(' '),
);

/** Ways in which a value gets into an error. Each makes an error that differs in nothing but the value. */
const PLACES: Readonly<Record<string, (value: string) => unknown>> = {
  message: (value) => new Error(value),
  'message over lines that look like frames': (value) =>
    new Error(`x\n    at ${value} (file://${SOURCE}:1:1)\n    at x (file://${root}/${value}.ts:1:1)`),
  cause: (value) => new Error('x', { cause: new RangeError(value) }),
  'cause that is no error': (value) => new Error('x', { cause: value }),
  'cause of a cause': (value) =>
    new Error('x', { cause: new Error('y', { cause: { message: value, code: value } }) }),
  'nested properties': (value) =>
    Object.assign(new Error('x'), {
      detail: value,
      request: { body: { to: value }, list: [value] },
      [value]: value,
    }),
  'PostgreSQL detail': (value) =>
    Object.assign(new pg.DatabaseError(value, 1, 'error'), {
      code: '23505',
      detail: `Key (e)=(${value}) exists`,
      where: value,
      constraint: value,
      stack: 'DatabaseError: x',
    }),
  code: (value) => Object.assign(new Error('x'), { code: value }),
  'code with a prefix': (value) => Object.assign(new Error('x'), { code: `ERR_${value}` }),
  name: (value) => Object.assign(new Error('x'), { name: value }),
  'class name': (value) => new ({ [value]: class extends Error {} })[value]!('x'),
  'stack header': (value) =>
    Object.assign(new Error('x'), { stack: `Error: ${value}\n    at ${SOURCE}:3:1` }),
  'file name outside': (value) =>
    Object.assign(new Error('x'), { stack: `Error\n    at f (file:///home/${value}/x.ts:1:1)` }),
  'file name inside': (value) =>
    Object.assign(new Error('x'), { stack: `Error\n    at f (file://${root}/server/src/${value}.ts:1:1)` }),
  'query of a file': (value) =>
    Object.assign(new Error('x'), {
      stack: `Error\n    at f (file://${SOURCE}?v=${encodeURIComponent(value)}:1:1)`,
    }),
  'function name': (value) =>
    Object.assign(new Error('x'), { stack: `Error\n    at ${value} (file://${SOURCE}:3:1)` }),
  'called as': (value) =>
    Object.assign(new Error('x'), { stack: `Error\n    at Object.x [as ${value}] (file://${SOURCE}:3:1)` }),
  'line number': (value) =>
    Object.assign(new Error('x'), {
      stack: `Error\n    at f (file://${SOURCE}:${value.replace(/\D/g, '')}99999:1)`,
    }),
  'errors of an aggregate': (value) => new AggregateError([new Error(value)], value),
  thrown: (value) => value,
  'thrown object': (value) => ({ message: value, toString: () => value, toJSON: () => value }),
};

for (const [place, make] of Object.entries(PLACES)) {
  test(`nothing personal gets from ${place} into a report, whatever it is and however it is written`, () => {
    const scrub = (value: string) => {
      Error.stackTraceLimit = 1;
      const thrown = make(value);
      Error.stackTraceLimit = 10;
      return scrubError(thrown);
    };
    fc.assert(
      fc.property(personal, personal, written, (one, other, write) => {
        const report = scrub(write(one));
        // What follows from the value nowhere cannot be told apart by it.
        assert.deepEqual(report, scrub(write(other)));
        const { fingerprint, ...rest } = report;
        assert.match(fingerprint, /^[0-9a-f]{32}$/);
        assert.ok(!JSON.stringify(rest).includes(one));
        assert.ok(!/@|\d{4}|[0-9a-f]{20}/.test(JSON.stringify(rest).replaceAll('"23505"', '')));
      }),
    );
  });
}

test('errors that set traps, turn in circles or have no end are scrubbed at once', () => {
  const circle = new Error('a');
  circle.cause = new Error('b', { cause: circle });
  assert.deepEqual(scrubError(circle).causes, ['Error']);
  let deep = new Error('end');
  for (let at = 0; at < 1_000; at++) deep = new Error('x', { cause: deep });
  assert.equal(scrubError(deep).causes.length, CAUSES_MAX);
  const trap = new Proxy(new Error('x'), {
    get: () => {
      throw new Error('trap');
    },
    getPrototypeOf: () => {
      throw new Error('trap');
    },
  });
  assert.equal(scrubError(trap).class, 'Error');
  for (const odd of [undefined, null, 0, 'x', Symbol('x'), Object.create(null), () => 1])
    assert.deepEqual({ ...scrubError(odd), fingerprint: '' }, { ...scrubError(0), fingerprint: '' });
  const started = performance.now();
  const long = Object.assign(new Error('x'), { stack: `at ${'('.repeat(2_000_000)}\n`.repeat(3) });
  assert.deepEqual(scrubError(long).frames, []);
  assert.ok(performance.now() - started < 500);
});

test('every class of errors in our source has its name on the list', () => {
  const faults = globSync('{contract,sdk,smpp,text,policy,server/src}/**/*.ts', { cwd: root })
    .filter((file) => !/node_modules|\.test\.ts$|\/test\/|fixtures/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(root, file), 'utf8').matchAll(/\bclass (\w+) extends (?:\w*Error|Refusal)\b/g),
    ])
    .map(([, name]) => name!)
    .filter((name) => !ERROR_CLASSES.has(name));
  assert.deepEqual(faults, []);
});
