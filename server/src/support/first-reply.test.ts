import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileNames, readPolicyFile } from '../main/policy/policy-file.ts';
import { replyDueAt, replyTermsOf } from './first-reply.ts';

const calendar = {
  timeZone: 'UTC',
  weekdays: [1, 2, 3, 4, 5],
  opensAtMinute: 540,
  closesAtMinute: 1_020,
  holidays: [],
};
const policyOf = async (name: string) =>
  (await readPolicyFile(name, { production: false, today: '2026-11-26' })).policy;
const friday = new Date('2026-11-27T12:00:00Z');
const due = async (name: string) =>
  replyDueAt(replyTermsOf(await policyOf(name), calendar, 16), friday).toISOString();

test('where the policy promises an answer within 72 hours of business days, the weekend does not count and nights do', async () => {
  assert.equal(await due('activation-dashboard'), '2026-12-02T12:00:00.000Z');
});

test('where it promises none, the operator’s own aim in working hours is meant', async () => {
  const silent = [];
  for (const name of profileNames())
    if ((await policyOf(name)).rights.first_reply === undefined) silent.push(name);
  assert.ok(silent.length > 0);
  for (const name of silent) assert.equal(await due(name), '2026-12-01T12:00:00.000Z', name);
});

test('a promise for every day counts every hour', () => {
  const rights = { first_reply: { within: 'P2D', calendar: 'every_day' } } as never;
  assert.equal(
    replyDueAt(replyTermsOf({ rights }, calendar, 16), friday).toISOString(),
    '2026-11-29T12:00:00.000Z',
  );
});
