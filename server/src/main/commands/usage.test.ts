// Wrong usage ends with exit code 2 and says what is right; help is whole and reaches no database.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { readConfig } from '#platform/config';
import { createProgram } from '../program.ts';
import { runProgram } from '../run-program.ts';
import type { Shell } from '../shell.ts';
import { bodyOf } from './simulate.ts';

function shellThat(readSettings: Shell['readConfig']) {
  const said = { code: 0, out: '', err: '' };
  const shell: Shell = {
    out: (text) => {
      said.out += `${text}\n`;
    },
    note: (text) => {
      said.err += `${text}\n`;
    },
    readConfig: readSettings,
    readInput: async () => '',
    setExitCode: (code) => {
      said.code = code;
    },
  };
  return { said, shell };
}

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { said, shell } = shellThat((overrides) =>
    readConfig({ SOTTO_DATA_DIR: '/nowhere', ...env }, overrides),
  );
  await runProgram(createProgram(shell), args, shell);
  return said;
}

const leaves = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);

const wrong: readonly (readonly [args: string, says: RegExp])[] = [
  ['sned', /Did you mean send\?/],
  ['send', /required option '--to <number>'/],
  ['send --to +4915123456789 --text x --timeout soon', /--timeout must be/],
  ['send --to +4915123456789 --text - --key-file -', /cannot both read standard input/],
  ['send --to +4915123456789 --text x --key a --key-file b', /exclude each other/],
  ['send --to +4915123456789 --text x --url http://sms.example.com --key a', /--url: /],
  ['start now', /too many arguments/],
  ['start --port 3000', /unknown option '--port'/],
  ['backup', /where to\?/],
  ['backup x --expires-after P14D', /belongs to --keys/],
  ['backup x --keys --expires-after tomorrow', /--expires-after must be/],
  ['backup x --keys --expires-after P0D', /--expires-after must be/],
  ['backup x --check-external', /stands alone/],
  ['restore', /missing required argument/],
  ['erasures begin', /say --accept-loss/],
  ['keys list', /Give --workspace wrk_\.\.\. or --admin/],
  ['keys list --workspace msg_01jd3rh8e7fv2r0kqvw4m9xt5c', /no id of the form wrk_/],
  [
    'keys create --workspace wrk_01jd3rh8e7fv2r0kqvw4m9xt5c --scope admin:jobs',
    /--scope takes messages:send/,
  ],
  ['keys create --workspace wrk_01jd3rh8e7fv2r0kqvw4m9xt5c --kind admin', /--kind must be/],
  ['keys create --workspace wrk_01jd3rh8e7fv2r0kqvw4m9xt5c --expires tomorrow', /--expires must be/],
  ['workspaces create --name x --currency euro', /--currency must be/],
  ['workspaces credit wrk_01jd3rh8e7fv2r0kqvw4m9xt5c -5', /unknown option|above zero/],
  ['workspaces credit wrk_01jd3rh8e7fv2r0kqvw4m9xt5c 0.00', /above zero/],
  ['workspaces credit wrk_01jd3rh8e7fv2r0kqvw4m9xt5c 1 --reason Because', /--reason must be a code/],
  ['jobs dead --limit 0', /--limit must be/],
  ['audit verify --head 17', /--head must be/],
  ['audit verify --from-segment 0', /--from-segment must be/],
  ['jobs replay 17', /no id of the form job_/],
  ['simulate behaviour --set latency', /--set takes field=value/],
];

for (const [args, says] of wrong) {
  test(`\`sotto ${args}\` is wrong usage`, async () => {
    const { code, out, err } = await run(args.split(' '));
    assert.equal(code, 2, err);
    assert.equal(out, '');
    assert.match(err, says);
  });
}

test('a key in wrong usage is not repeated', async () => {
  const { err } = await run(['send', '--text', 'x', '--key', 'sotto_live_secret']);
  assert.doesNotMatch(err, /sotto_live_secret/);
});

test('without a server and a key the way to both is told', async () => {
  const { code, err } = await run(['send', '--to', '+4915123456789', '--text', 'x']);
  assert.equal(code, 1);
  assert.match(err, /Nothing says where the server is\..*npm start/s);
});

test('a key of this installation is not sent to another server', async () => {
  const { code, err } = await run([
    'send',
    '--to',
    '+4915123456789',
    '--text',
    'x',
    '--url',
    'https://sms.example.com',
  ]);
  assert.equal(code, 1);
  assert.match(err, /with which key/);
});

test('a server that is not there is told in a sentence', async () => {
  const url = 'http://127.0.0.1:9';
  const { code, out, err } = await run([
    ...['send', '--to', '+4915123456789', '--text', 'x', '--url', url, '--key', 'k', '--json'],
  ]);
  assert.equal(code, 1);
  assert.match(err, /could not be reached/);
  assert.equal((JSON.parse(out) as { error: { code: string } }).error.code, 'unreachable');
});

test('every command has a description, and help that reaches no database', async () => {
  const { shell } = shellThat(() => {
    throw new Error('help read the settings');
  });
  const commands = leaves(createProgram(shell));
  assert.ok(commands.length >= 18, `${commands.length} commands`);
  for (const command of commands) {
    assert.notEqual(command.description(), '', command.name());
    for (const option of command.options) assert.ok(option.description, `${command.name()} ${option.flags}`);
    if (command.name() !== 'start' && command.name() !== 'bench')
      assert.ok(
        command.options.some(({ long }) => long === '--json'),
        `${command.name()} answers in JSON`,
      );
  }
  const { code, out } = await run(['--help']);
  assert.equal(code, 0);
  assert.match(out, /Exit codes: 0 done/);
});

test('fields of the simulated carrier are set by path', () => {
  assert.deepEqual(
    bodyOf(['latency_ms=200', 'receipts.copies=2', 'receipts.outcome=none', 'black_hole=true']),
    {
      latency_ms: 200,
      receipts: { copies: 2, outcome: 'none' },
      black_hole: true,
    },
  );
});
