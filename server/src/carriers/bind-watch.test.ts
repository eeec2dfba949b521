import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BindWatch } from './bind-watch.ts';

const one = (state: 'connecting' | 'bound' | 'standby') => [{ id: 'a', state }];

test('a connector without a bind for a minute makes the process unready, and a bind makes it ready', () => {
  const watch = new BindWatch();
  assert.equal(watch.unready(one('connecting'), 0), undefined);
  assert.equal(watch.unready(one('connecting'), 59_999), undefined);
  assert.equal(watch.unready(one('connecting'), 60_000), 'a connector has no bind');
  assert.equal(watch.unready(one('bound'), 60_001), undefined);
  assert.equal(watch.unready(one('connecting'), 60_002), undefined);
});

test('standby and removed connectors are no fault', () => {
  const watch = new BindWatch();
  watch.look(one('connecting'), 0);
  assert.equal(watch.unready(one('standby'), 120_000), undefined);
  watch.look(one('connecting'), 120_000);
  assert.equal(watch.unready([], 240_000), undefined);
});
