import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AppError } from './errors.ts';
import { newId } from './ids.ts';
import { FIELD_KINDS } from './log/fields.ts';
import { configureLog, createLog, errorLabel, id, log, onLoggedError, redactedValues, word } from './log.ts';

function recorded() {
  const lines: string[] = [];
  const redacted: string[] = [];
  const made = createLog({
    level: 'debug',
    destination: { write: (line: string) => void lines.push(line) },
    onRedacted: (event, field) => redacted.push(`${event}:${field}`),
  });
  return { log: made, lines, redacted, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
}
// Casts stand for careless code: the compiler refuses it, the net must hold all the same.
type Careless = (event: string, fields?: Record<string, unknown>) => void;

test('a line holds time, level, event and its fields (checklist 46)', () => {
  const out = recorded();
  const messageId = newId();
  out.log.info('message.accepted', {
    messageId: id(messageId),
    durationMs: 12,
    replayed: false,
    outcome: 'created',
  });
  const line = out.last();
  assert.equal(line.level, 'info');
  assert.equal(line.event, 'message.accepted');
  assert.equal(line.messageId, messageId);
  assert.equal(line.durationMs, 12);
  assert.equal(line.replayed, false);
  assert.equal(line.outcome, 'created');
  assert.ok(!Number.isNaN(Date.parse(line.time as string)));
  assert.equal(out.redacted.length, 0);
});

test('a plain string does not compile as a field or an event', () => {
  const out = recorded();
  const text: string = 'harmless';
  // @ts-expect-error a string that is neither a literal nor checked
  out.log.info('a.b', { reason: text });
  // @ts-expect-error an id that was not checked
  out.log.info('a.b', { messageId: text });
  // @ts-expect-error a name outside the closed set
  out.log.info('a.b', { body: 'x' });
  // @ts-expect-error an event that is not a literal
  out.log.info(text);
  out.log.info('a.b', { reason: word(text), messageId: id(newId()) });
});

test('no phone number, address, key or text passes through any field, in any form (checklist 46)', () => {
  const phone = fc
    .tuple(
      fc.constantFrom('', '+', '00', 'tel:', 'x-'),
      fc.stringMatching(/^[1-9]\d{6,14}$/),
      fc.constantFrom('', ' ', '-', '.', '/'),
    )
    .map(([before, digits, mark]) => before + (mark ? digits.match(/.{1,3}/g)!.join(mark) : digits));
  const email = fc.emailAddress();
  const key = fc.stringMatching(/^sk_live_[A-Za-z0-9]{24,40}$/);
  const hex = fc.stringMatching(/^[0-9a-f]{32,64}$/).filter((text) => /\d/.test(text) && /[a-f]/.test(text));
  const text = fc.constantFrom(
    'Your code is 482913',
    'Hallo Welt',
    'Dein Code: 1234\r\n{"level":"error"}',
    '验证码',
    'a b',
  );
  const out = recorded();
  const write = out.log.info as Careless;
  fc.assert(
    fc.property(
      fc.oneof(phone, email, key, hex, text),
      fc.constantFrom(...Object.keys(FIELD_KINDS), 'event', 'unknownField', 'msg', '__proto__'),
      (value, field) => {
        const before = redactedValues();
        write(field === 'event' ? value : 'test.event', { [field]: value });
        const line = out.lines.at(-1)!;
        assert.ok(!line.includes(value) && !line.includes(JSON.stringify(value).slice(1, -1)), line);
        assert.equal(line.indexOf('\n'), line.length - 1);
        if (field !== '__proto__') assert.ok(redactedValues() > before, `${field} was not counted`);
      },
    ),
    { numRuns: 1000 * Number(process.env.SOTTO_SWEEP ?? 1) },
  );
});

test('a number the size of a phone number does not pass as a count', () => {
  const out = recorded();
  (out.log.info as Careless)('test.event', {
    count: 4915123456789,
    bytes: 4915123456789n,
    total: Number.NaN,
  });
  assert.deepEqual(
    [out.last().count, out.last().bytes, out.last().total],
    ['[redacted]', '[redacted]', '[redacted]'],
  );
});

test('names of our own pass: ids, jobs, routes, hosts, statements, versions', () => {
  const out = recorded();
  for (const name of [
    'messages.claim_next_batch',
    '/v1/messages/:id/cancel',
    'smsc-1.example.com',
    '18.4.0-beta.17',
    'insufficient_funds',
    'SIGTERM',
    'idempotency_mismatch_of_another_request_kind',
  ])
    assert.equal(word(name), name);
  for (const one of [newId(), newId().toUpperCase(), 'msg_01jd3r8w5vf2kq9m4c7x1zt0ha'])
    assert.equal(id(one), one);
  assert.equal(out.redacted.length, 0);
});

test('an error is its class, code and frames: no message of it or of its causes (checklist 48)', () => {
  const out = recorded();
  const secret = 'number +4915123456789 said: your code is 1234';
  const cause = Object.assign(new TypeError(`${secret}\n    at steal (/etc/passwd-4915123456789:1:1)`), {
    code: '23505',
  });
  out.log.error('test.failed', { error: new AppError('unavailable', { internal: secret, cause }) });
  const line = out.lines.at(-1)!;
  assert.ok(!line.includes('4915123456789') && !line.includes('your code'), line);
  const error = out.last().error as {
    class: string;
    code: string;
    frames: string[];
    cause: { class: string; code: string };
  };
  assert.equal(error.class, 'AppError');
  assert.equal(error.code, 'unavailable');
  assert.match(error.frames[0]!, /server\/src\/platform\/log\.test\.ts:\d+:\d+$/);
  assert.equal(error.cause.class, 'TypeError');
  assert.equal(error.cause.code, '23505');
});

test('an error code or class that holds data is left out', () => {
  const strange = Object.assign(new Error('x'), { code: '+4915123456789', name: 'a@example.com' });
  assert.equal(errorLabel(strange), 'Error');
  assert.equal(errorLabel(Object.assign(new Error('x'), { code: 'ECONNRESET' })), 'Error.ECONNRESET');
  assert.equal(errorLabel('4915123456789'), 'thrown-string');
});

test('a log with bound fields puts them on every line', () => {
  const out = recorded();
  const bound = out.log.with({ connector: 'demo', role: 'carrier' });
  bound.warn('connector.unbound', { delayMs: 5 });
  assert.deepEqual([out.last().connector, out.last().role, out.last().delayMs], ['demo', 'carrier', 5]);
});

test('the process’s log is silent until configured, and then writes where it was told', () => {
  const lines: string[] = [];
  log.error('test.before');
  configureLog({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } });
  log.info('test.below');
  log.warn('test.after');
  configureLog({ level: 'silent' });
  assert.equal(lines.length, 1);
  assert.match(lines[0]!, /test\.after/);
});

test('who listens to errors gets each that is logged for somebody to look at, also below the level, and no other', () => {
  const heard: unknown[] = [];
  const quiet = createLog({ level: 'silent' });
  const stop = onLoggedError((error) => heard.push(error));
  const [first, second] = [new Error('a'), 'thrown text'];
  quiet.error('test.failed', { error: first });
  quiet.error('test.failed', { error: second });
  quiet.error('test.failed', { attempt: 1 });
  quiet.warn('test.failed', { error: new Error('dealt with') });
  stop();
  quiet.error('test.failed', { error: new Error('nobody listens') });
  assert.deepEqual(heard, [first, second]);
});
