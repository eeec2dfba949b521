// Answers longer than a pipe holds, read by somebody slow: nothing of them may be cut when the command ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

/** What Linux gives a pipe. */
const PIPE_OCTETS = 65_536;

test('a long answer is written whole to a pipe that is read late', async () => {
  const cli = join(import.meta.dirname, 'cli.mjs');
  const line = '"$0" "$1" policy coverage --json | { sleep 1; cat; }';
  const child = spawn('sh', ['-c', line, process.execPath, cli], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await text(child.stdout);
  assert.ok(said.length > PIPE_OCTETS, `${said.length} octets fit into a pipe`);
  assert.ok(Array.isArray((JSON.parse(said) as { rows: unknown }).rows));
});
