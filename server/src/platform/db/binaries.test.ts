import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Account, canEnter, clusterFolder, programsFor, serverAccount } from './binaries.ts';

const folder = mkdtempSync(join(tmpdir(), 'sotto-binaries-'));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));

const inside = join(folder, 'inside');
mkdirSync(inside);
const us = { uid: process.getuid!(), gid: process.getgid!() };
const stranger: Account = { uid: 65_431, gid: 65_431 };
const sameGroup: Account = { uid: 65_431, gid: us.gid };

test('a stranger enters only where every folder above is open to everybody', () => {
  for (const [mode, enters] of [
    [0o755, true],
    [0o711, true],
    [0o750, false],
    [0o700, false],
    [0o644, false],
  ] as const) {
    chmodSync(folder, mode);
    assert.equal(canEnter(inside, stranger), enters, mode.toString(8));
  }
  chmodSync(folder, 0o755);
  chmodSync(inside, 0o700);
  assert.equal(canEnter(inside, stranger), false, 'the folder itself counts');
  chmodSync(inside, 0o755);
});

test('owner and group are asked for their own bit, not for everybody’s', () => {
  chmodSync(folder, 0o710);
  assert.equal(canEnter(inside, sameGroup), true);
  assert.equal(canEnter(inside, stranger), false);
  chmodSync(folder, 0o701);
  assert.equal(canEnter(inside, sameGroup), false, 'a member of the group is not everybody (POSIX)');
  assert.equal(canEnter(inside, stranger), true);
  chmodSync(folder, 0o700);
  assert.equal(canEnter(inside, us), true);
  chmodSync(folder, 0o755);
});

test('a folder that does not exist yet is judged by the ones above it', () => {
  assert.equal(canEnter(join(inside, 'to', 'come'), stranger), true);
  chmodSync(folder, 0o700);
  assert.equal(canEnter(join(inside, 'to', 'come'), stranger), false);
  chmodSync(folder, 0o755);
});

test('the packaged programs are there, and an ordinary user runs them from where they are', () => {
  const programs = programsFor(null);
  for (const program of ['initdb', 'postgres'])
    assert.ok(existsSync(join(programs, 'bin', program)), `${programs}/bin/${program}`);
});

test('an ordinary user’s cluster lies where it was wanted', () => {
  const wanted = join(folder, 'data', 'postgres');
  assert.equal(clusterFolder(wanted, null), wanted);
  assert.ok(existsSync(wanted));
});

test('where the account cannot enter, a data directory keeps its cluster and a new one gets a new one', {
  skip: process.getuid?.() !== 0,
}, () => {
  const closed = mkdtempSync(join(folder, 'closed-'));
  const account = serverAccount();
  const wanted = join(closed, 'data', 'postgres');
  const first = clusterFolder(wanted, account);
  try {
    assert.notEqual(first, wanted);
    assert.equal(clusterFolder(wanted, account), first);
    rmSync(join(closed, 'data'), { recursive: true });
    assert.ok(existsSync(first), 'deleting the data directory follows no link');
    const second = clusterFolder(wanted, account);
    assert.notEqual(second, first);
    rmSync(second, { recursive: true });
  } finally {
    rmSync(first, { recursive: true, force: true });
  }
});
