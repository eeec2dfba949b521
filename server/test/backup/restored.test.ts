// The life of a backup, against the real process and the real database: taken under load, restored beside the living
// keys and beside restored ones, and nothing that was erased meanwhile comes back. The tests follow on each other.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import { type Client, createClient } from '@sotto/sdk';
import { auditBooks } from '#ledger';
import { utcDay } from '#privacy';
import { eventually, Installation, type Product } from '../start/product.ts';
import { IN_SWEEPS } from '../sweep.ts';
import { assertRefusal, backedUp, filesWith, namesIn } from './installation-beside.ts';

const installation = new Installation();
const at = backedUp(installation);
after(() => installation.remove());

const KEPT = 'The canary that stays sings of blue tiles.';
const ERASED = 'The canary that is erased sings of green tiles.';
const SHREDDED = 'The canary that loses its key sings of red tiles.';
const RECIPIENT = '+4915123456701';

interface Backup {
  readonly file: string;
  readonly stop_lsn: string;
  readonly system_identifier: string;
}

let product: Product;
let client: Client;
/** A workspace whose key of the day is destroyed after the backup. */
let other: { readonly id: string; readonly client: Client };
const ids = { kept: '', erased: '', shredded: '' };
let backup: Backup;
let keyBackup: { readonly file: string; readonly expires_at: string };
/** Acknowledged before the backup began. */
let acknowledged = 0;

async function delivered(by: Client, text: string): Promise<string> {
  const { id } = await by.messages.send({ to: RECIPIENT, text });
  await eventually(
    'it is delivered',
    async () => (await by.messages.get(id)).status === 'delivered' || undefined,
  );
  return id;
}

const textOf = async (by: Client, id: string) => (await by.messages.get(id)).text;

before(async () => {
  product = at.run(['start']);
  await product.greeting();
  client = installation.client();
  const made = await at.json<{ id: string }>([
    'workspaces',
    'create',
    '--name',
    'Other',
    '--currency',
    'EUR',
  ]);
  await at.json(['workspaces', 'credit', made.id, '5.00']);
  const { key } = await at.json<{ key: string }>(['keys', 'create', '--workspace', made.id]);
  const { base_url: baseUrl } = installation.credentials();
  other = { id: made.id, client: createClient({ baseUrl, apiKey: key }) };
  ids.kept = await delivered(client, KEPT);
  ids.erased = await delivered(client, ERASED);
  ids.shredded = await delivered(other.client, SHREDDED);
  acknowledged = 2;
});

describe('a backup', () => {
  test('is taken while messages are accepted and sent, as one new sealed file', async () => {
    let stop = false;
    let sent = 0;
    const load = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!stop) {
          await client.messages.send({ to: RECIPIENT, text: `Load ${sent}` });
          sent += 1;
        }
      }),
    );
    await eventually('load is on', () => sent > 20 || undefined);
    acknowledged += 20;
    const before = sent;
    backup = await at.json<Backup>(['backup', at.backups]);
    assert.ok(sent > before, 'messages went on being accepted');
    stop = true;
    await load;
    assert.deepEqual(namesIn(at.backups), [backup.file.split('/').at(-1)]);
    assert.match(backup.file, /sotto-database-\d{4}-\d\d-\d\dT\d{6}Z\.backup$/);
    assert.equal(statSync(backup.file).mode & 0o777, 0o600);
  });

  test('leaves the server neither in a backup nor with a slot', async () => {
    const ground = await at.ground();
    try {
      const { default: pg } = await import('pg');
      const owner = new pg.Client({ connectionString: ground.ownerUrl });
      await owner.connect();
      const { rows } = await owner.query(
        `select (select count(*) from pg_replication_slots)::integer as slots,
                (select count(*) from pg_stat_activity where application_name = 'sotto-backup')::integer as sessions`,
      );
      await owner.end();
      assert.deepEqual(rows, [{ slots: 0, sessions: 0 }]);
    } finally {
      await ground.close();
    }
  });

  test('of the keys is a file of its own that says when it expires', async () => {
    keyBackup = await at.json(['backup', '--keys', join(at.backups, 'keys.backup')]);
    const days = (Date.parse(keyBackup.expires_at) - Date.now()) / 86_400_000;
    assert.ok(days > 13.9 && days < 14.1, `${days} days`);
  });

  test('shows no text, number, secret or name of what is in it', () => {
    const { api_key: apiKey } = installation.credentials();
    const secrets = [KEPT, ERASED, SHREDDED, 'canary', RECIPIENT.slice(1), apiKey, 'SOTTOKEY', 'PG_VERSION'];
    assert.deepEqual(filesWith(at.backups, secrets), []);
  });

  test('replaces no file', async () => {
    const octets = readFileSync(keyBackup.file);
    assertRefusal(await at.says(['backup', keyBackup.file]), /exists already/);
    assertRefusal(await at.says(['backup', '--keys', keyBackup.file]), /exists already/);
    assert.ok(readFileSync(keyBackup.file).equals(octets));
  });

  test('is refused where keys lie with the data, in places it must outlive, and without a key', async () => {
    const inside = { SOTTO_MASTER_KEY_FILE: join(installation.dataDir, 'master-key') };
    assertRefusal(await at.says(['backup', at.backups], inside), /E-KEY-CUSTODY/);
    for (const folder of [installation.dataDir, installation.keysDir])
      assertRefusal(await at.says(['backup', join(folder, 'x.backup')]), /E-KEY-CUSTODY: the backup/);
    assertRefusal(
      await at.says(['backup', at.backups], { SOTTO_BACKUP_KEY_FILE: '' }),
      /SOTTO_BACKUP_KEY_FILE names no key/,
    );
    assert.equal(namesIn(at.backups).length, 2);
  });

  test('that finds no room leaves no file, and says so', async () => {
    const place = join(at.backups, 'no-room.backup');
    // A limit on the size of files stands for a full disk; the database is another process and has none.
    const command = `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`;
    const ended = await at.runUnder(['sh', '-c', command], ['backup', place]);
    assertRefusal(ended, /may not grow as large/);
    assert.deepEqual(namesIn(at.backups), [backup.file.split('/').at(-1), 'keys.backup'].sort());
  });

  test('that is killed leaves no file under its name, and the database goes on', async () => {
    const place = join(at.backups, 'killed.backup');
    const killed = at.run(['backup', place]);
    await eventually(
      'it writes',
      () => namesIn(at.backups).some((name) => name.endsWith('.partial')) || undefined,
    );
    await killed.stop('SIGKILL');
    assert.ok(!existsSync(place));
    for (const name of namesIn(at.backups)) if (name.endsWith('.partial')) rmSync(join(at.backups, name));
    await delivered(client, 'Still here.');
  });
});

test('erasing a message and destroying a key are in the erasure log, by ids alone', async () => {
  await client.messages.delete(ids.erased);
  const ground = await at.ground();
  try {
    const workspaceId = decodeId('wrk', other.id)!;
    const ref = { class: 'content_outbound', workspaceId, day: utcDay(Date.now()) } as const;
    await ground.keyring.destroy([ground.keyring.keyId(ref)]);
  } finally {
    await ground.close();
  }
  const log = readFileSync(at.erasureLog, 'utf8');
  assert.ok(log.includes(decodeId('msg', ids.erased)!));
  assert.match(log, /"kind":"keys"/);
  for (const text of ['canary', RECIPIENT.slice(1)]) assert.ok(!log.includes(text));
  assert.equal((await product.stop('SIGTERM')).code, 0);
});

/** Starts a restored installation, and looks at what is left of the three canaries. */
async function look(env: Record<string, string>) {
  const dataDir = env.SOTTO_DATA_DIR!;
  const ground = await at.ground(env);
  try {
    assert.deepEqual(await ground.db.batch((tx) => auditBooks(tx)), [], 'the books balance');
  } finally {
    await ground.close();
  }
  const restored = at.run(['start'], { ...env, SOTTO_SIMULATOR: 'false' });
  await eventually('it is ready or ended', async () => {
    const file = join(dataDir, 'dev-credentials.json');
    return existsSync(file) || undefined;
  });
  const credentials = JSON.parse(readFileSync(join(dataDir, 'dev-credentials.json'), 'utf8'));
  const own = createClient({ baseUrl: credentials.base_url, apiKey: credentials.api_key });
  try {
    const seen = {
      kept: await textOf(own, ids.kept),
      erased: await textOf(own, ids.erased),
      messages: 0,
    };
    for await (const _ of pages(own)) seen.messages += 1;
    return seen;
  } finally {
    await restored.stop('SIGTERM');
  }
}

async function* pages(by: Client) {
  let cursor: string | null | undefined;
  do {
    const page = await by.messages.list({ limit: 100, ...(cursor ? { cursor } : {}) });
    yield* page.data;
    cursor = page.next_cursor;
  } while (cursor);
}

/** The text of the shredded canary, read by the keyring itself with the sealed bytes that are there. */
async function sealedCanary(env: Record<string, string>): Promise<string> {
  const ground = await at.ground(env);
  try {
    const { default: pg } = await import('pg');
    const owner = new pg.Client({ connectionString: ground.ownerUrl });
    await owner.connect();
    const rowId = decodeId('msg', ids.shredded)!;
    const { rows } = await owner.query<{ body: Buffer; workspace_id: string }>(
      'select body, workspace_id from messages.message where id = $1',
      [rowId],
    );
    await owner.end();
    const { body, workspace_id: workspaceId } = rows[0]!;
    assert.ok(body.length > SHREDDED.length, 'the sealed bytes are back');
    const keyId = ground.keyring.keyId({ class: 'content_outbound', workspaceId, day: utcDay(Date.now()) });
    await ground.keyring.load([keyId]);
    const opened = ground.keyring.open(
      { column: 'messages.message.body', rowId, ownerId: workspaceId, keyId },
      body,
    );
    return opened.state === 'open' ? opened.plaintext.toString() : opened.state;
  } finally {
    await ground.close();
  }
}

describe('a restore', () => {
  test('with a wrong key, of a damaged file or of none, writes nothing', async () => {
    const env = { SOTTO_DATA_DIR: at.newFolder() };
    const wrong = join(installation.folder, 'wrong-key');
    writeFileSync(wrong, 'another-key-'.repeat(4), { mode: 0o600 });
    assertRefusal(
      await at.says(['restore', backup.file], { ...env, SOTTO_BACKUP_KEY_FILE: wrong }),
      /key does not open this backup/,
    );
    const cut = join(installation.folder, 'cut.backup');
    const octets = readFileSync(backup.file);
    writeFileSync(cut, octets.subarray(0, octets.length - 100_000));
    assertRefusal(await at.says(['restore', cut], env), /damaged, cut short or was altered/);
    assertRefusal(await at.says(['restore', at.keyFile], env), /no backup of Sotto/);
    assert.deepEqual(namesIn(env.SOTTO_DATA_DIR), []);
  });

  test('that is killed leaves nothing that serves, and begun again it ends well', IN_SWEEPS, async () => {
    const env = { SOTTO_DATA_DIR: at.newFolder() };
    const killed = at.run(['restore', backup.file], env);
    await eventually(
      'it writes',
      () => existsSync(join(env.SOTTO_DATA_DIR, 'restoring', 'postgres')) || undefined,
    );
    await killed.stop('SIGKILL');
    assert.ok(!existsSync(join(env.SOTTO_DATA_DIR, 'postgres')));
    assertRefusal(await at.run(['start'], env).ended(), /restore into the data directory .* did not finish/);
    assert.ok(!existsSync(join(env.SOTTO_DATA_DIR, 'postgres')));
    await at.json(['restore', backup.file], env);
    assert.ok(existsSync(join(env.SOTTO_DATA_DIR, 'postgres')));
    assert.ok(!namesIn(env.SOTTO_DATA_DIR).includes('restoring'));
    assertRefusal(await at.says(['restore', backup.file], env), /is not empty/);
  });

  test('beside the living keys brings back everything but what was erased since', async () => {
    const env = { SOTTO_DATA_DIR: at.newFolder() };
    const said = await at.json<Backup>(['restore', backup.file], env);
    assert.equal(said.system_identifier, backup.system_identifier);
    const cluster = join(env.SOTTO_DATA_DIR, 'postgres');
    assert.equal(statSync(join(cluster, 'data')).mode & 0o777, 0o700);
    assert.equal(statSync(join(cluster, 'owner-password')).mode & 0o777, 0o600);
    assert.equal(await sealedCanary(env), 'shredded');
    const { kept, erased, messages } = await look(env);
    assert.deepEqual({ kept, erased }, { kept: KEPT, erased: null });
    assert.ok(messages >= acknowledged, `${messages} of at least ${acknowledged}`);
  });

  test('is refused while the erasure log is missing or older, and leaves nothing', IN_SWEEPS, async () => {
    const env = { SOTTO_DATA_DIR: at.newFolder() };
    const aside = `${at.erasureLog}.aside`;
    renameSync(at.erasureLog, aside);
    assertRefusal(await at.says(['restore', backup.file], env), /no erasure log/);
    const lines = readFileSync(aside, 'utf8').split('\n');
    writeFileSync(at.erasureLog, `${lines[0]}\n`, { mode: 0o600 });
    assertRefusal(await at.says(['restore', backup.file], env), /only 0 of them/);
    assert.ok(!existsSync(join(env.SOTTO_DATA_DIR, 'postgres')));
    assertRefusal(await at.says(['erasures', 'status']), /only 0 of them/);
    renameSync(aside, at.erasureLog);
  });

  test('of the keys destroys again what was destroyed after their backup', IN_SWEEPS, async () => {
    const env = {
      SOTTO_DATA_DIR: at.newFolder(),
      SOTTO_KEYS_DIR: join(installation.folder, 'keys-restored'),
    };
    const log = { SOTTO_ERASURE_LOG: at.erasureLog };
    const own = { ...env, ...log };
    const none = { ...env, SOTTO_ERASURE_LOG: join(installation.folder, 'no-log') };
    assertRefusal(await at.says(['restore', keyBackup.file], none), /no erasure log/);
    assert.deepEqual(namesIn(env.SOTTO_KEYS_DIR), []);
    const said = await at.json<{ destroyed_again: number; living: number }>(['restore', keyBackup.file], own);
    assert.equal(said.destroyed_again, 1);
    assert.ok(said.living > 0);
    assertRefusal(await at.says(['restore', keyBackup.file], own), /is not empty/);
    await at.json(['restore', backup.file], own);
    assert.equal(await sealedCanary(own), 'shredded');
    const { kept, erased } = await look(own);
    assert.deepEqual({ kept, erased }, { kept: KEPT, erased: null });
  });

  test('of keys that were copied back past the log is caught at the next start', IN_SWEEPS, async () => {
    // What a restored volume does: the files of an earlier moment, and nobody asked Sotto.
    const env = { SOTTO_DATA_DIR: at.newFolder(), SOTTO_ERASURE_LOG: at.erasureLog };
    await at.json(['restore', backup.file], env);
    const { keys } = await rewound();
    assert.equal(await sealedCanary({ ...env, SOTTO_KEYS_DIR: keys }), 'shredded');
  });

  test('of an expired backup of the keys is refused, unless it is allowed by name', async () => {
    const place = join(at.backups, 'short.backup');
    const { expired } = await expiredKeys(place);
    const env = { SOTTO_KEYS_DIR: join(installation.folder, 'keys-late'), SOTTO_ERASURE_LOG: at.erasureLog };
    assertRefusal(await at.says(['restore', expired], env), /expired on/);
    assert.deepEqual(namesIn(env.SOTTO_KEYS_DIR), []);
    await at.json(['restore', expired, '--allow-expired'], env);
    assert.ok(namesIn(env.SOTTO_KEYS_DIR).includes('identity'));
  });

  test('of a master key that is another one is refused, and leaves nothing', async () => {
    const env = {
      SOTTO_KEYS_DIR: join(installation.folder, 'keys-foreign'),
      SOTTO_MASTER_KEY_FILE: join(installation.folder, 'foreign-master'),
      SOTTO_ERASURE_LOG: at.erasureLog,
    };
    writeFileSync(env.SOTTO_MASTER_KEY_FILE, 'ab'.repeat(32), { mode: 0o600 });
    assertRefusal(await at.says(['restore', keyBackup.file], env), /master key file does not open epoch/);
    assert.deepEqual(namesIn(env.SOTTO_KEYS_DIR), []);
  });
});

/** The key store as its backup had it, put together from the archive without any replay. */
async function rewound(): Promise<{ keys: string }> {
  const { readArchive, readBackupSecret } = await import('#platform/archive');
  const { mkdir, open } = await import('node:fs/promises');
  const keys = join(installation.folder, 'keys-rewound');
  await mkdir(join(keys, 'drafts'), { recursive: true, mode: 0o700 });
  await readArchive(keyBackup.file, await readBackupSecret(at.keyFile), {
    folder: async (path) => void (await mkdir(join(keys, path), { mode: 0o700 })),
    file: async (path) => (await open(join(keys, path), 'wx', 0o600)).createWriteStream(),
  });
  return { keys };
}

/** A backup of the keys that was made long ago: the same content under an earlier date. */
async function expiredKeys(place: string): Promise<{ expired: string }> {
  const { readBackupSecret, writeArchive } = await import('#platform/archive');
  const { keyStoreEntries } = await import('#privacy');
  const ground = await at.ground();
  try {
    const erasures = await ground.erasureLog.head();
    await writeArchive(place, await readBackupSecret(at.keyFile), {
      entries: keyStoreEntries(installation.keysDir, ground.keyStore),
      facts: () => ({
        kind: 'keys',
        created_at: '2020-01-01T00:00:00Z',
        expires_at: '2020-01-15T00:00:00Z',
        erasures,
      }),
    });
  } finally {
    await ground.close();
  }
  return { expired: place };
}

test('a backup is taken of a database that does not run, which is stopped again afterwards', async () => {
  const { file } = await at.json<Backup>(['backup', join(at.backups, 'at-rest.backup')]);
  assert.ok(statSync(file).size > 0);
  assert.equal(installation.databasePid(), undefined);
});

describe('as root, for an ordinary user', {
  skip: IN_SWEEPS.skip || (process.getuid?.() !== 0 && 'only root can become another'),
}, () => {
  test('a backup that root made is restored by an account that is not root', async () => {
    const { spawnSync } = await import('node:child_process');
    const { chmodSync, chownSync, mkdirSync } = await import('node:fs');
    const nobody = { uid: 65_534, gid: 65_534 };
    const folder = join(installation.folder, 'nobody');
    mkdirSync(folder);
    const copy = (file: string, name: string) => {
      copyFileSync(file, join(folder, name));
      chmodSync(join(folder, name), 0o600);
      chownSync(join(folder, name), nobody.uid, nobody.gid);
      return join(folder, name);
    };
    const env = {
      ...installation.environment,
      HOME: folder,
      SOTTO_DATA_DIR: join(folder, 'data'),
      SOTTO_KEYS_DIR: join(folder, 'keys'),
      SOTTO_MASTER_KEY_FILE: copy(installation.masterKeyFile, 'master-key'),
      SOTTO_ERASURE_LOG: copy(at.erasureLog, 'erasures'),
      SOTTO_BACKUP_KEY_FILE: copy(at.keyFile, 'backup-key'),
    };
    chownSync(folder, nobody.uid, nobody.gid);
    const cli = join(import.meta.dirname, '../../src/main/cli.mjs');
    for (const file of [copy(keyBackup.file, 'keys.backup'), copy(backup.file, 'database.backup')]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, 'restore', file], {
        env,
        ...nobody,
        encoding: 'utf8',
        timeout: 120_000,
      });
      assert.equal(status, 0, stderr);
    }
    assert.equal(statSync(join(folder, 'data', 'postgres', 'data', 'PG_VERSION')).uid, nobody.uid);
  });
});

describe('an erasure log that is lost', IN_SWEEPS, () => {
  test('keeps the installation from starting, until somebody accepts the loss by name', async () => {
    const aside = `${at.erasureLog}.aside`;
    renameSync(at.erasureLog, aside);
    assertRefusal(await at.run(['start']).ended(), /no erasure log/);
    assert.equal((await at.says(['erasures', 'begin'])).code, 2);
    assert.ok(!existsSync(at.erasureLog));
    const begun = await at.json<{ set_aside: string | null }>(['erasures', 'begin', '--accept-loss']);
    assert.equal(begun.set_aside, null);
    const status = await at.json<{ sequence: number }>(['erasures', 'status']);
    assert.equal(status.sequence, 0);
  });

  test('is not begun anew while it is whole, and what is there is set aside', async () => {
    assertRefusal(await at.says(['erasures', 'begin', '--accept-loss']), /is whole/);
    writeFileSync(at.erasureLog, 'nonsense\n');
    assertRefusal(await at.says(['erasures', 'status']), /damaged at line 1/);
    const begun = await at.json<{ set_aside: string }>(['erasures', 'begin', '--accept-loss']);
    assert.equal(readFileSync(begun.set_aside, 'utf8'), 'nonsense\n');
    assert.equal((await at.json<{ sequence: number }>(['erasures', 'status'])).sequence, 0);
  });
});
