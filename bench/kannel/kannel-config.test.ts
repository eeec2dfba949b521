import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kannelConfig } from './kannel-config.ts';

const config = kannelConfig({
  ports: { admin: 13_000, smsbox: 13_001, sendsms: 13_013, smsc: 2_775 },
  window: 100,
});

test('every group begins with its name and holds no blank line, which would end it', () => {
  const groups = config.trimEnd().split('\n\n');
  assert.deepEqual(
    groups.map((group) => group.split('\n')[0]),
    ['group = core', 'group = smsc', 'group = smsbox', 'group = sendsms-user'],
  );
  for (const line of config.trimEnd().split('\n')) if (line !== '') assert.match(line, /^[a-z-]+ = \S/);
});

test('the store and the receipts are on disk, and the window is the one given', () => {
  assert.match(config, /^store-type = spool$/m);
  assert.match(config, /^dlr-storage = spool$/m);
  assert.match(config, /^max-pending-submits = 100$/m);
  assert.match(config, /^immediate-sendsms-reply = false$/m);
});
