import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { armFailpoints, FAILPOINTS, failpoint, failpointsArmed } from './failpoints.ts';

afterEach(() => armFailpoints(''));

test('nothing happens at a failpoint that is not armed', async () => {
  assert.equal(failpointsArmed(), false);
  for (const name of FAILPOINTS) await failpoint(name);
});

test('an armed failpoint acts on every passage, or on the one it names', async () => {
  armFailpoints('submit.pre_commit=throw,send.claimed=throw@3');
  assert.equal(failpointsArmed(), true);
  await assert.rejects(failpoint('submit.pre_commit'), /submit\.pre_commit/);
  await assert.rejects(failpoint('submit.pre_commit'), /submit\.pre_commit/);
  await failpoint('send.claimed');
  await failpoint('send.claimed');
  await assert.rejects(failpoint('send.claimed'), /send\.claimed/);
  await failpoint('send.claimed');
  await failpoint('send.stored');
});

test('a delay delays', async () => {
  armFailpoints('send.written=delay:20');
  const startedMs = performance.now();
  await failpoint('send.written');
  assert.ok(performance.now() - startedMs >= 15);
});

test('an unknown name, action or form is refused and arms nothing', () => {
  for (const setting of [
    'submit.precommit=kill',
    'submit.pre_commit',
    'submit.pre_commit=explode',
    'submit.pre_commit=delay',
    'submit.pre_commit=kill@',
    'submit.pre_commit=kill;send.claimed=kill',
  ]) {
    armFailpoints('');
    assert.throws(() => armFailpoints(setting), /No such failpoint/);
    assert.equal(failpointsArmed(), false, setting);
  }
});

test('a kill is SIGKILL: nothing after it runs, not even an exit handler', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/killed-at-failpoint.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [, signal] = await once(child, 'close');
  assert.equal(signal, 'SIGKILL');
  assert.equal(said, 'first\n');
});
