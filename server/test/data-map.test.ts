// The data map as a gate: what a steward must not be able to say does not compile, and says why.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const fixtures = join(import.meta.dirname, 'must-not-compile');

/** Runs the compiler over the fixtures once and groups its messages by file, each with its continuation lines. */
function compile(): Map<string, string[]> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', fixtures, '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  const messages = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of run.stdout.split('\n')) {
    const start = /^(\S+?\.ts)\(\d+,\d+\): error (.*)$/.exec(line);
    if (start) {
      current = messages.get(basename(start[1]!)) ?? [];
      messages.set(basename(start[1]!), current);
      current.push(start[2]!);
    } else if (line.startsWith('  ')) {
      current[current.length - 1] += `\n${line}`;
    }
  }
  return messages;
}

const expectations = readdirSync(fixtures)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => {
    const [first] = readFileSync(join(fixtures, name), 'utf8').split('\n');
    return { name, expected: /^\/\/ Expected: (.*)$/.exec(first!)?.[1] };
  });

test('every faulty data map fails to compile, once, with a sentence that says what is wrong', () => {
  const messages = compile();
  const faults: string[] = [];
  for (const { name, expected } of expectations) {
    const found = messages.get(name) ?? [];
    if (expected === undefined) {
      for (const message of found) faults.push(`${name} must compile: ${message}`);
    } else if (found.length !== 1) {
      faults.push(`${name}: expected one error, found ${found.length}\n${found.join('\n')}`);
    } else if (!found[0]!.includes(expected)) {
      faults.push(`${name}: expected "${expected}", found\n${found[0]}`);
    }
  }
  assert.deepEqual(faults, [], `\n${faults.join('\n\n')}\n`);
  assert.ok(expectations.filter(({ expected }) => expected !== undefined).length >= 40);
});
