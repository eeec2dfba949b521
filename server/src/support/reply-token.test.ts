import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '#platform/ids';
import { openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { replyTokenOf, ticketOfToken } from './reply-token.ts';

test('a token names its ticket, and nothing else does: other tickets’, other installations’, altered ones', async () => {
  const [ours, theirs] = await Promise.all([
    openKeyring(openMemoryKeyStore()),
    openKeyring(openMemoryKeyStore()),
  ]);
  const [ticket, other] = [newId(), newId()];
  const token = replyTokenOf(ours, ticket);
  assert.match(token, /^[0-9a-z]{52}$/);
  assert.equal(ticketOfToken(ours, token), ticket);
  assert.equal(ticketOfToken(theirs, token), null);
  assert.equal(ticketOfToken(ours, token.slice(0, 26) + replyTokenOf(ours, other).slice(26)), null);
  for (let index = 0; index < token.length; index++) {
    const letter = token[index] === '3' ? '4' : '3';
    assert.equal(ticketOfToken(ours, token.slice(0, index) + letter + token.slice(index + 1)), null);
  }
  for (const odd of ['', token.toUpperCase(), `${token}0`, token.slice(1), ' '.repeat(52), 'é'.repeat(52)])
    assert.equal(ticketOfToken(ours, odd), null);
  await Promise.all([ours.close(), theirs.close()]);
});
