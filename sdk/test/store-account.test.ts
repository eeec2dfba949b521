// What an app tells the stores, as a shell without this client has to make it as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeAccountOf } from '../client.ts';

/** README.md shows this one, for shells in other languages. */
const WORKSPACE = 'wrk_01jd3rt9c8f2e9vk6x8m4q7z5p';
const UUID = '0193478d-2588-789c-9dcc-dd450973fcb6';

test('a workspace is known to the App Store by the UUID in its id, and to Google Play by the id', () => {
  assert.deepEqual(storeAccountOf(WORKSPACE), { appAccountToken: UUID, obfuscatedAccountId: WORKSPACE });
});

test('the rule README gives for other languages leads to the same UUID', () => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz';
  const bits = [...WORKSPACE.slice(4)]
    .map((each) => digits.indexOf(each).toString(2).padStart(5, '0'))
    .join('');
  const hex = BigInt(`0b${bits.slice(2)}`)
    .toString(16)
    .padStart(32, '0');
  assert.equal(hex, UUID.replaceAll('-', ''));
});

test('what is no id of a workspace is refused', () => {
  for (const text of ['', UUID, 'acc_01jd3rt9c8f2e9vk6x8m4q7z5p', WORKSPACE.slice(0, -1), `${WORKSPACE}0`])
    assert.throws(() => storeAccountOf(text), TypeError, text);
});
