import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { check } from './check.ts';
import { deliveryErrorCodes } from './delivery-errors.ts';
import { errorCatalogue, errorCodes, isErrorCode, problemType } from './errors.ts';
import { batchAnswerSchema, batchProblemOf } from './message-batch.ts';
import { errorsOf } from './operation.ts';
import { operations } from './operations.ts';
import { faultsMax, problemOf, problemOfFaults, problemSchema } from './problem.ts';

const document = readFileSync(resolve(import.meta.dirname, '../docs/errors.md'), 'utf8');
const sections = document
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [code = '', ...lines] = section.split('\n');
    return { code, body: lines.join(' ').split(' ## ')[0]?.trim() ?? '' };
  });
const requestId = 'req_01jd3rh8e7fv2r0kqvw4m9xt5c';

test('docs/errors.md explains exactly the codes of the catalogue, each once', () => {
  const documented = sections.map((section) => section.code);
  const catalogue = [...errorCodes, ...deliveryErrorCodes];
  const missing = catalogue.filter((code) => !documented.includes(code));
  const surplus = documented.filter((code) => !catalogue.includes(code as never));
  assert.deepEqual(missing, [], `docs/errors.md has no section for: ${missing.join(', ')}`);
  assert.deepEqual(surplus, [], `docs/errors.md explains codes the catalogue lacks: ${surplus.join(', ')}`);
  assert.equal(new Set(documented).size, documented.length, 'a code is explained twice');
});

test('docs/errors.md gives each code its status and title, and says repeat exactly where a repeat may help', () => {
  for (const { code, body } of sections.filter((section) => isErrorCode(section.code))) {
    const { status, title, retryable } = errorCatalogue[code as keyof typeof errorCatalogue];
    assert.ok(body.startsWith(`${status}, ${title}. `), `${code} must begin with "${status}, ${title}. "`);
    assert.equal(/\brepeat\b/i.test(body), retryable, `${code}: retryable is ${retryable}`);
    assert.ok(body.length > `${status}, ${title}. `.length + 40, `${code} is not explained`);
  }
});

test('every entry is a sentence and a way out, with a status that means an error', () => {
  for (const [code, entry] of Object.entries(errorCatalogue)) {
    assert.match(code, /^[a-z]+(_[a-z]+)*$/);
    assert.match(entry.sentence, /^[A-Z].*\.$/, code);
    assert.match(entry.wayOut, /^[A-Z`].*\.$/, code);
    assert.ok(entry.status >= 400 && entry.status <= 599, code);
  }
});

test('server faults and rate limits are the retryable ones, refusals of content never are', () => {
  const retryable = errorCodes.filter((code) => errorCatalogue[code].retryable);
  assert.deepEqual(retryable.sort(), [
    'idempotency_undecided',
    'internal',
    'rate_limited',
    'request_timeout',
    'unavailable',
  ]);
});

test('every code is answered by some operation, or belongs to the server as a whole', () => {
  const used = new Set(operations.flatMap(errorsOf));
  const ofTheServer = ['method_not_allowed'];
  assert.deepEqual(
    errorCodes.filter((code) => !used.has(code)),
    ofTheServer,
  );
});

test('a problem made from any code passes its own schema and points at its section', () => {
  for (const code of errorCodes) {
    const problem = problemOf(code, { requestId, retryAfterSeconds: 3, field: 'to' });
    assert.equal(check(problemSchema, problem).ok, true, code);
    assert.equal(problem.type, `/docs/errors#${code}`);
    assert.equal(problem.type, problemType(code));
    assert.equal(problem.status, errorCatalogue[code].status);
  }
});

test('faults of one kind keep their code, faults of several kinds are an invalid request', () => {
  const number = { field: 'to', code: 'invalid_number', message: '`to` must be a number.' } as const;
  const unknown = { field: 'x', code: 'unknown_field', message: '`x` is not a field.' } as const;
  assert.equal(problemOfFaults([number], requestId).code, 'invalid_number');
  assert.equal(problemOfFaults([number], requestId).status, 422);
  assert.equal(problemOfFaults([number], requestId).field, 'to');
  assert.equal(problemOfFaults([number, unknown], requestId).code, 'invalid_request');
  assert.deepEqual(problemOfFaults([number, unknown], requestId).errors, [number, unknown]);
  assert.throws(() => problemOfFaults([], requestId), RangeError);
});

test('a message of a batch is refused by the same problem, under the request of the batch', () => {
  for (const code of errorCodes) {
    const error = batchProblemOf(code, { field: 'to' });
    const { request_id: _, ...single } = problemOf(code, { requestId, field: 'to' });
    assert.deepEqual(error, single);
    assert.equal(check(batchAnswerSchema, { data: [{ error }] }).ok, true, code);
  }
  assert.equal(check(batchAnswerSchema, { data: [{}] }).ok, false);
});

test('a problem lists a bounded number of faults', () => {
  const faults = Array.from({ length: 500 }, (_, at) => ({
    field: `f${at}`,
    code: 'unknown_field' as const,
    message: 'no',
  }));
  assert.equal(problemOf('invalid_request', { requestId, errors: faults }).errors?.length, faultsMax);
});

test('a code is told from any other text, inherited names included', () => {
  assert.equal(isErrorCode('internal'), true);
  for (const text of ['', 'Internal', 'constructor', '__proto__', 'toString'])
    assert.equal(isErrorCode(text), false);
});
