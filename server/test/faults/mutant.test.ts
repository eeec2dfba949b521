// The harness bites: a build that answers requests before their commit must be caught. `npm run faults -- --mutants`
// does the same for every rule in mutants.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acknowledgeBeforeCommit } from './mutants.ts';
import { catches } from './mutation.ts';

const SEED = 20_261_121;
const LIMIT_MS = 120_000;

test(`a build that acknowledges before the commit is caught (seed ${SEED})`, {
  timeout: LIMIT_MS,
}, async (context) => {
  const verdict = await catches(acknowledgeBeforeCommit, SEED);
  context.diagnostic(verdict.sentence);
  assert.ok(verdict.caught, verdict.sentence);
});
