// The commands of backups over a database that is not embedded: what they refuse, and what they can tell.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { useCommandLine } from '../../../test/command-line.ts';

describe('main: backup', () => {
  const line = useCommandLine();

  interface Report {
    readonly healthy: boolean;
    readonly findings: readonly {
      readonly check: string;
      readonly outcome: string;
      readonly found: string;
    }[];
  }

  test('an external database is not copied, and the refusal names the tools that do it', async () => {
    const folder = join(line.folder, 'backups');
    mkdirSync(folder);
    const { code, out, err } = await line.run(['backup', folder, '--json']);
    assert.equal(code, 1);
    assert.match(err, /not embedded/);
    assert.match(err, /pg_basebackup/);
    assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'refused');
    assert.deepEqual(readdirSync(folder), []);
  });

  test('a check of an external database calls unknown what nobody can tell, and changes nothing', async () => {
    const report = await line.json<Report>(['backup', '--check-external']);
    const outcomes = Object.fromEntries(report.findings.map(({ check, outcome }) => [check, outcome]));
    assert.deepEqual(outcomes, {
      'wal-level': 'ok',
      'log-archive': 'warning',
      'base-backup': 'warning',
      keys: 'ok',
    });
    assert.match(report.findings.find(({ check }) => check === 'log-archive')!.found, /unknown/);
    assert.equal(report.healthy, true);
    const { out } = await line.run(['backup', '--check-external']);
    assert.match(out, /^ok {4}wal-level: /);
    assert.match(out, /warn {2}base-backup: .*unknown/);
    assert.ok(!existsSync(join(line.folder, 'keys')), 'no key store was made for it');
  });

  test('without a backup key nothing is copied or restored', async () => {
    const file = join(line.folder, 'some.backup');
    writeFileSync(file, 'nothing');
    for (const args of [
      ['backup', '--keys', join(line.folder, 'k.backup')],
      ['restore', file],
    ]) {
      const { code, err } = await line.run(args);
      assert.equal(code, 1);
      assert.match(err, /SOTTO_BACKUP_KEY_FILE names no key/);
    }
  });
});
