// `sotto send`: one message through the API, as any customer's program would send it.

import type { Client } from '@sotto/sdk';
import type { Command } from 'commander';
import { Refusal } from '#platform/errors';
import { answer, EXIT_FAILED, type OutputOptions, type Shell, UsageFault } from '../shell.ts';
import { addConnection, type ConnectionOptions, connect } from './connection.ts';

interface SendOptions extends OutputOptions, ConnectionOptions {
  readonly to: string;
  readonly text: string;
  readonly class?: string;
  readonly from?: string;
  readonly reference?: string;
  readonly once?: string;
  readonly wait?: true;
  readonly timeout: string;
}

const POLL_MS = 150;
const TIMEOUT_SECONDS_MAX = 86_400;

export function addSend(program: Command, shell: Shell): void {
  const command = program
    .command('send')
    .description('send a message')
    .requiredOption('--to <number>', 'the recipient, with + and country code')
    .requiredOption('--text <text>', 'the text, or - to read it from standard input')
    .option('--class <class>', 'otp, transactional or marketing (the API decides when left out)')
    .option('--from <sender>', 'the sender shown; the route decides when left out')
    .option('--reference <text>', 'your own note, shown with the message')
    .option('--once <key>', 'send it once, however often this command is repeated with the same key')
    .option('--wait', 'follow the message until its end')
    .option('--timeout <seconds>', 'how long --wait follows it', '60');
  addConnection(command)
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `
With --wait it ends with exit code 0 when the message was delivered, and with 1 when it was not.

Examples:
  sotto send --to +4915123456789 --text "Your code is 481516." --class otp --wait
  sotto send --to +4915123456789 --text - --url https://sms.example.com --key-file key.txt < text.txt`,
    )
    .action(async (options: SendOptions) => {
      const timeoutSeconds = Number(options.timeout);
      if (!(timeoutSeconds > 0 && timeoutSeconds <= TIMEOUT_SECONDS_MAX))
        throw new UsageFault(`--timeout must be a number of seconds up to ${TIMEOUT_SECONDS_MAX}`);
      if (options.text === '-' && options.keyFile === '-')
        throw new UsageFault('--text - and --key-file - cannot both read standard input');
      const client = await connect(shell, options, 'workspace');
      const text = options.text === '-' ? (await shell.readInput()).replace(/\r?\n$/, '') : options.text;
      const sent = await client.messages.send(
        {
          to: options.to,
          text,
          // What is no class is refused by the server, in its own words.
          ...(options.class === undefined ? {} : { class: options.class as 'otp' }),
          ...(options.from === undefined ? {} : { from: options.from }),
          ...(options.reference === undefined ? {} : { reference: options.reference }),
        },
        options.once === undefined ? {} : { idempotencyKey: options.once },
      );
      if (!options.wait) {
        answer(shell, options, sent, [
          `${sent.id} ${sent.status}: ${sent.segments} ${sent.segments === 1 ? 'segment' : 'segments'} in ${sent.encoding}, ${sent.price.amount} ${sent.price.currency}`,
        ]);
        return;
      }
      await follow(shell, options, client, sent.id, timeoutSeconds * 1000);
    });
}

async function follow(
  shell: Shell,
  options: SendOptions,
  client: Client,
  id: string,
  timeoutMs: number,
): Promise<void> {
  const [{ finalMessageStatuses }, { monotonicMs, pause }] = await Promise.all([
    import('@sotto/contract/message'),
    import('#platform/clock'),
  ]);
  const finals: readonly string[] = finalMessageStatuses;
  const until = monotonicMs() + timeoutMs;
  shell.note(id);
  for (let told = 0; ; ) {
    const message = await client.messages.get(id);
    // The history, not the status: two steps between two looks are both told.
    for (const { status, at } of message.events.slice(told)) shell.note(`  ${at}  ${status}`);
    told = message.events.length;
    if (finals.includes(message.status)) {
      answer(
        shell,
        options,
        message,
        `${id} ${message.status}${message.error ? `: ${message.error.code}` : ''}`,
      );
      if (message.status !== 'delivered') shell.setExitCode(EXIT_FAILED);
      return;
    }
    if (monotonicMs() > until) {
      throw new Refusal(
        `${id} is ${message.status} after ${timeoutMs / 1000} s; it goes on without this command.`,
        [`look again later: GET /v1/messages/${id}`, 'follow it longer: --timeout <seconds>'],
      );
    }
    await pause(POLL_MS);
  }
}
