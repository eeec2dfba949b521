// When the epoch of the index key changes, nothing that was decided under the old one is forgotten.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { SYSTEM } from '../audit/entry.ts';
import { currentConsents, giveConsent } from '../consent/consents.ts';
import { openKeyring } from '../keys/cached-keyring.ts';
import type { Keyring } from '../keys/keyring.ts';
import { openMemoryKeyStore } from '../keys/memory-key-store.ts';
import { liftSuppression, suppress, suppressedAmong } from './suppress.ts';

describe('privacy: epochs', () => {
  const database = useDatabase();
  const workspaceId = newId();
  const number = '+4915552000001';
  const store = openMemoryKeyStore();
  const stop = { workspaceId, kind: 'stop', covers: 'marketing', source: 'recipient' } as const;

  const isSuppressed = async (keyring: Keyring) =>
    (
      await database.db.batch((tx) =>
        suppressedAmong(tx, keyring, [{ workspaceId, number, class: 'marketing' }]),
      )
    ).size === 1;
  const consent = (keyring: Keyring, subject: Parameters<typeof giveConsent>[3]['subject']) =>
    database.db.batch((tx) =>
      giveConsent(
        tx,
        keyring,
        workspaceId,
        { subject, purpose: 'marketing', policyHash: Buffer.alloc(32), method: 'form' },
        SYSTEM,
      ),
    );

  test('a stop under the old epoch is honoured, moves with a consent, and is lifted by it', async () => {
    const before = await openKeyring(store);
    const { id } = await database.db.batch((tx) => suppress(tx, before, number, stop));
    await consent(before, { kind: 'workspace' });
    const after = await openKeyring(store, { indexEpochs: [2, 1] });
    assert.equal(await isSuppressed(after), true);
    const states = await database.db.batch((tx) => currentConsents(tx, after, workspaceId));
    assert.equal(states.find(({ purpose }) => purpose === 'marketing')?.state, 'given');

    await database.advance(1_000);
    await consent(after, { kind: 'recipient', number });
    const epochs = await database.sql<{ epoch: number }>(
      'select get_byte(number_index, 0) as epoch from privacy.suppression where id = $1',
      [id],
    );
    assert.deepEqual(epochs, [{ epoch: 2 }]);
    assert.equal(await isSuppressed(after), true, 'the consent alone lifts nothing');
    const lifted = await database.db.batch((tx) => liftSuppression(tx, after, workspaceId, id, SYSTEM));
    assert.equal(lifted, 'lifted');
    assert.equal(await isSuppressed(after), false);
  });

  test('a number that was stopped under both epochs stays stopped when one is lifted', async () => {
    const before = await openKeyring(store);
    const after = await openKeyring(store, { indexEpochs: [2, 1] });
    const second = await database.db.batch((tx) => suppress(tx, after, number, stop));
    // A process that does not know of the new epoch yet.
    const first = await database.db.batch((tx) => suppress(tx, before, number, stop));
    assert.notEqual(first.id, second.id);
    await database.advance(1_000);
    await consent(after, { kind: 'recipient', number });
    await database.db.batch((tx) => liftSuppression(tx, after, workspaceId, second.id, SYSTEM));
    assert.equal(await isSuppressed(after), true);
    await consent(after, { kind: 'recipient', number });
    await database.db.batch((tx) => liftSuppression(tx, after, workspaceId, first.id, SYSTEM));
    assert.equal(await isSuppressed(after), false);
  });
});
