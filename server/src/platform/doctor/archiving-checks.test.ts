// What is said about the archive of an external database, for every state it can be in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeArchiving } from './archiving-checks.ts';

const good = {
  walLevel: 'replica',
  archiveMode: 'on',
  archived: 12,
  failed: 0,
  ageSeconds: 60,
  isFailing: false,
};

const outcomeOf = (change: Partial<typeof good> | { readonly ageSeconds: null }, check: string) => {
  const finding = describeArchiving({ ...good, ...change }).find((each) => each.check === check)!;
  assert.ok(finding.outcome === 'ok' || finding.fix !== undefined, 'what is not well has a way out');
  return finding;
};

test('a log that is archived in time is well, one that fails is a fault', () => {
  assert.equal(outcomeOf({}, 'log-archive').outcome, 'ok');
  assert.equal(outcomeOf({ isFailing: true, failed: 3 }, 'log-archive').outcome, 'fault');
  assert.equal(outcomeOf({ walLevel: 'minimal' }, 'wal-level').outcome, 'fault');
});

test('an age that nobody can tell is called unknown, and is never green', () => {
  for (const change of [{ ageSeconds: null }, { archiveMode: 'off' }]) {
    const { outcome, found } = outcomeOf(change, 'log-archive');
    assert.equal(outcome, 'warning');
    assert.match(found, /unknown/);
  }
  assert.equal(outcomeOf({}, 'base-backup').outcome, 'warning');
  assert.equal(outcomeOf({ ageSeconds: 7_200 }, 'log-archive').outcome, 'warning');
});
