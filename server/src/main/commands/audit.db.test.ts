// `sotto audit verify` over a trail that other commands wrote.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openDirectoryKeyStore, openKeyring } from '#privacy';
import { useCommandLine } from '../../../test/command-line.ts';
import { sealEntries } from '../../privacy/audit/seal-entries.ts';

describe('main: audit', () => {
  const cli = useCommandLine();

  interface Checked {
    readonly intact: boolean;
    readonly links: number;
    readonly head: string;
    readonly first_break: { readonly kind: string; readonly sequence: string } | null;
  }

  async function seal(): Promise<number> {
    const store = await openDirectoryKeyStore({
      directory: join(cli.folder, 'keys'),
      masterKeyFile: join(cli.folder, 'master-key'),
      initialise: false,
    });
    const keyring = await openKeyring(store);
    try {
      return (await sealEntries(cli.database.db, keyring)).sealed;
    } finally {
      await keyring.close();
      await store.close();
    }
  }

  const actions = async () =>
    (
      await cli.database.sql<{ action: string; actor_kind: string }>(
        'select action, actor_kind from privacy.audit_entry order by id',
      )
    ).map(({ action, actor_kind }) => `${action} ${actor_kind}`);

  test('what an operator does on the machine is in the trail, in order', async () => {
    await cli.run(['admin', 'redeem', (await cli.run(['admin', 'create'])).out.trim()]);
    const { id: workspace } = await cli.json<{ id: string }>([
      ...['workspaces', 'create', '--name', 'Example shop', '--currency', 'EUR'],
    ]);
    const credit = ['workspaces', 'credit', workspace, '25.00', '--once', 'first-payment'];
    await cli.json(credit);
    await cli.json(credit);
    const { id: key } = await cli.json<{ id: string }>(['keys', 'create', '--workspace', workspace]);
    await cli.json(['keys', 'revoke', key, '--workspace', workspace]);
    await cli.json(['keys', 'revoke', key, '--workspace', workspace]);
    await cli.json(['key-store', 'rotate']);
    await cli.json(['key-store', 'rotate-master']);
    assert.deepEqual(await actions(), [
      'admin_token.created staff',
      'api_key.created staff',
      'admin_token.redeemed staff',
      'workspace.created staff',
      'workspace.credited staff',
      'api_key.created staff',
      'api_key.revoked staff',
      'key_store.rotated staff',
      'master_key.rotated staff',
    ]);
  });

  test('the trail is whole after keys were rotated, and the head it prints is found again', async () => {
    assert.equal(await seal(), 9);
    const first = await cli.json<Checked>(['audit', 'verify']);
    assert.deepEqual([first.intact, first.links, first.first_break], [true, 9, null]);
    assert.match(first.head, /^9:[0-9a-f]{64}$/);
    await cli.json(['admin', 'create']);
    await seal();
    const second = await cli.run(['audit', 'verify', '--head', first.head]);
    assert.equal(second.code, 0, second.err);
    assert.match(second.out, /The trail is whole\. 10 entries/);
  });

  test('a broken trail ends with exit code 1 and names the place', async () => {
    await cli.database.sql('set session_replication_role = replica');
    await cli.database.sql(
      `update privacy.audit_entry set actor_kind = 'system'
      where id = (select entry_id from privacy.audit_link where seq = 4)`,
    );
    const { code, out } = await cli.run(['audit', 'verify', '--json']);
    assert.equal(code, 1);
    const checked = JSON.parse(out) as Checked;
    assert.equal(checked.intact, false);
    assert.deepEqual([checked.first_break?.kind, checked.first_break?.sequence], ['modified', '4']);
    assert.match(
      (await cli.run(['audit', 'verify'])).out,
      /broken \(modified\).*\nAt segment 1, place 4, aud_/,
    );
  });
});
