import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { useDatabase } from '../../test/harness.ts';
import { readConfig } from './config.ts';
import { migrationFinding, skewFinding } from './doctor/database-checks.ts';
import { keyFolder, masterKey, nodeVersion, writable } from './doctor/machine-checks.ts';
import { type DoctorReport, renderDoctor, runDoctor } from './doctor.ts';
import { newId } from './ids.ts';

describe('platform: doctor', () => {
  const at = useDatabase({ connections: 2 });
  const folder = mkdtempSync(join(tmpdir(), 'sotto-doctor-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const config = readConfig({
    SOTTO_DATA_DIR: join(folder, 'data'),
    SOTTO_KEYS_DIR: join(folder, 'keys'),
    SOTTO_MASTER_KEY_FILE: join(folder, 'master-key'),
    SOTTO_UNSAFE_DURABILITY: 'true',
    SOTTO_DISK_FREE_MIN_PERCENT: '0',
  });
  const outcomeOf = (report: DoctorReport, check: string) =>
    report.findings.find((finding) => finding.check === check)?.outcome;

  test('a sound installation is healthy, and every check says what it found', async () => {
    const report = await runDoctor(config, at.url);
    assert.deepEqual(
      report.findings.filter(({ outcome }) => outcome !== 'ok'),
      [],
    );
    assert.equal(report.healthy, true);
    assert.deepEqual(
      report.findings.map(({ check }) => check),
      [
        'node',
        'programs',
        'data-folder',
        'key-folder',
        'master-key',
        'disk',
        'database',
        'clock',
        'migrations',
        'partitions',
        'default-partitions',
        'dead-letters',
        'jobs',
      ],
    );
  });

  test('everything that is not fine has a fix, and the report shows it', async () => {
    const report = await runDoctor({ ...config, unsafeDurability: false }, at.url);
    assert.equal(report.healthy, false);
    for (const { outcome, fix } of report.findings) assert.equal(outcome === 'ok', fix === undefined);
    const shown = renderDoctor(report);
    assert.match(shown, /^FAIL {2}fsync: The database runs with fsync=off/m);
    assert.match(shown, /^ {6}-> alter system set fsync = on/m);
    assert.match(shown, /A start would fail, or should\.\n$/);
  });

  test('rows outside every partition, dead letters and jobs nobody does are warnings', async () => {
    await at.sql(
      `insert into platform.idempotency (id, scope, key_mac, request_mac)
     values (platform.id_floor(platform.clock() - interval '90 days'), $1, decode(repeat('00', 16), 'hex'), decode(repeat('00', 16), 'hex'))`,
      [newId()],
    );
    await at.sql(
      `insert into platform.job (id, name, payload, due_at, attempts_max, dead_at)
     values ($1, 'gone.job', '{}', platform.clock(), 1, platform.clock()),
            ($2, 'gone.job', '{}', platform.clock() - interval '2 hours', 1, null)`,
      [newId(), newId()],
    );
    const report = await runDoctor(config, at.url);
    for (const check of ['default-partitions', 'dead-letters', 'jobs'])
      assert.equal(outcomeOf(report, check), 'warning', check);
    assert.equal(report.healthy, true);
  });

  test('missing partitions for the time to come are a fault', async () => {
    await at.sql(`update sotto_test.clock set ahead = ahead + interval '30 days'`);
    assert.equal(outcomeOf(await runDoctor(config, at.url), 'partitions'), 'fault');
    await at.advance(0);
    assert.equal(outcomeOf(await runDoctor(config, at.url), 'partitions'), 'ok');
  });

  test('a database that does not answer is one fault that shows no password', async () => {
    const report = await runDoctor(config, 'postgresql://sotto:hunter2@/none?host=/nonexistent');
    assert.equal(outcomeOf(report, 'database'), 'fault');
    assert.ok(!renderDoctor(report).includes('hunter2'));
  });

  test('an embedded database that is not running is said, and the rest is looked at', async () => {
    const report = await runDoctor(config, undefined);
    assert.equal(outcomeOf(report, 'database'), 'warning');
    assert.equal(report.healthy, true);
  });

  test('the versions of Node and of the schema are judged', () => {
    assert.deepEqual(
      ['20.19.0', '26.10.0', '27.0.0'].map((version) => nodeVersion(version).outcome),
      ['fault', 'ok', 'warning'],
    );
    assert.deepEqual(
      [null, 3, 7, 8].map((applied) => migrationFinding(applied, 7).outcome),
      ['ok', 'warning', 'ok', 'fault'],
    );
    assert.deepEqual(
      [0, 1_500, 90_000].map((skewMs) => skewFinding(skewMs).outcome),
      ['ok', 'warning', 'fault'],
    );
  });

  test('keys beside data, open to others, or missing in production are faults', () => {
    const keysDir = join(folder, 'doctored-keys');
    const dataDir = join(folder, 'doctored-data');
    mkdirSync(keysDir, { mode: 0o755 });
    chmodSync(keysDir, 0o755);
    assert.match(keyFolder({ dataDir, keysDir }).fix!, /^chmod 700/);
    chmodSync(keysDir, 0o700);
    assert.equal(keyFolder({ dataDir, keysDir }).outcome, 'ok');
    assert.equal(keyFolder({ dataDir: folder, keysDir }).outcome, 'fault');
    assert.equal(keyFolder({ dataDir: join(keysDir, 'data'), keysDir }).outcome, 'fault');

    const masterKeyFile = join(folder, 'doctored-master');
    const settings = { masterKeyFile, keysDir, dataDir, production: true };
    assert.equal(masterKey(settings).outcome, 'fault');
    assert.equal(masterKey({ ...settings, production: false }).outcome, 'ok');
    writeFileSync(masterKeyFile, 'x');
    chmodSync(masterKeyFile, 0o644);
    assert.match(masterKey(settings).fix!, /^chmod 600/);
    chmodSync(masterKeyFile, 0o600);
    assert.equal(masterKey(settings).outcome, 'ok');
    assert.equal(masterKey({ ...settings, dataDir: folder }).outcome, 'fault');
  });

  test('a data folder that cannot be written is a fault, one that can be made is fine', (context) => {
    assert.equal(writable(join(folder, 'not', 'yet')).outcome, 'ok');
    if (process.getuid?.() === 0) return context.skip('root may write everywhere');
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    assert.equal(writable(join(closed, 'data')).outcome, 'fault');
  });
});
