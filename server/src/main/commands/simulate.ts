// `sotto simulate`: the simulated carrier of a development installation.

import type { BodyInput } from '@sotto/contract';
import type { setSimulatorBehaviour } from '@sotto/contract/simulator';
import type { Command } from 'commander';
import { answer, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { addConnection, type ConnectionOptions, connect } from './connection.ts';

type Options = OutputOptions & ConnectionOptions;

export function addSimulate(program: Command, shell: Shell): void {
  const simulate = program.command('simulate').description('play a phone, or script the simulated carrier');
  const inbound = simulate
    .command('inbound')
    .description('a phone writes to a number of the platform')
    .requiredOption('--text <text>', 'what it writes')
    .option('--from <number>', 'the phone', '+4915123456789')
    .option('--to <number>', 'the number of the platform (left out: the demo number)');
  addConnection(inbound)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Example, and how to read what came:
  sotto simulate inbound --from +4915123456789 --text "Hello."
  curl -s $URL/v1/inbound -H "Authorization: Bearer $KEY"`,
    )
    .action(async (options: Options & { from: string; to?: string; text: string }) => {
      const { DEMO_NUMBER } = await import('#numbers');
      const client = await connect(shell, options, 'administrator');
      const { from, to = DEMO_NUMBER, text } = options;
      const delivered = await client.simulator.inbound({ from, to, text });
      answer(shell, options, delivered, `On its way in ${delivered.segments} segments.`);
    });
  const behaviour = simulate
    .command('behaviour')
    .description('script the carrier; without --set it is put back to a good day')
    .option(
      '--set <field=value...>',
      'a field as in POST /v1/simulator/behaviour; may be given several times',
    );
  addConnection(behaviour)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
Examples:
  sotto simulate behaviour --set latency_ms=200 --set receipts.outcome=undeliverable
  sotto simulate behaviour --set receipts.copies=2 --set receipts.shuffled=true
  sotto simulate behaviour`,
    )
    .action(async (options: Options & { set?: string[] }) => {
      const body = bodyOf(options.set ?? []);
      const client = await connect(shell, options, 'administrator');
      const now = await client.simulator.behaviour(body as BodyInput<typeof setSimulatorBehaviour>);
      answer(shell, options, now, JSON.stringify(now, null, 2));
    });
}

/** `receipts.copies=2` as `{receipts: {copies: 2}}`. Which fields there are, and what they take, the server knows. */
export function bodyOf(assignments: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const [, path, text] = /^([a-z_]+(?:\.[a-z_]+)?)=(.*)$/.exec(assignment) ?? [];
    if (path === undefined || text === undefined)
      throw new UsageFault(`--set takes field=value, such as latency_ms=200`);
    const [first, second] = path.split('.') as [string, string | undefined];
    if (second === undefined) body[first] = readValue(text);
    else body[first] = { ...(body[first] as object | undefined), [second]: readValue(text) };
  }
  return body;
}

/** Numbers, true, false and null as JSON has them; everything else is a word. */
const readValue = (text: string): unknown =>
  /^(?:-?\d+(?:\.\d+)?|true|false|null)$/.test(text) ? JSON.parse(text) : text;
