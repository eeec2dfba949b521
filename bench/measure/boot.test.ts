import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCheck } from './boot.ts';

const PAGE = `# HELP sotto_policy_check_seconds How long
sotto_policy_check_seconds{step="reading"} 0.1625
sotto_policy_check_seconds{step="comparing"} 0.0875
sotto_policy_check_waiting_seconds 0.025
sotto_process_cpu_seconds_total 3
`;

test('the time of the check is read from a page of metrics, in milliseconds', () => {
  assert.deepEqual(readCheck(PAGE), { readingMs: 162.5, comparingMs: 87.5, waitingMs: 25 });
});

test('a server that does not say how long its check took is no figure of zero', () => {
  assert.throws(() => readCheck(PAGE.replace('"comparing"', '"other"')), /did not say.*comparing/);
  assert.throws(() => readCheck(''), /did not say/);
});
