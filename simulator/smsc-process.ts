// The simulated SMSC as a process of its own, for harnesses that kill processes and for trying things out by hand:
//   node simulator/smsc-process.ts --port 2775 --log smsc.jsonl --magic --behaviour '{"latencyMs":5}'
// Prints one JSON line when it listens, then takes one JSON line per command on its standard input:
//   {"set": {...}} {"inbound": {...}} {"receipt": {...}} {"disconnect": "rst"} {"counts": true} {"flush": true} {"stop": true}
// and answers each with one line. It ends on SIGTERM, on SIGINT, and with --with-parent when its input closes.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { BehaviourChange } from './behaviour.ts';
import { type Smsc, startSmsc } from './smsc.ts';
import type { InboundFor, StrayReceipt } from './smsc-state.ts';
import type { TruthLogOptions } from './truth-log.ts';

interface Command {
  readonly set?: BehaviourChange;
  readonly inbound?: InboundFor;
  readonly receipt?: StrayReceipt;
  readonly disconnect?: 'fin' | 'rst';
  readonly counts?: true;
  readonly idle?: true;
  readonly flush?: true;
  readonly stop?: true;
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '2775' },
    host: { type: 'string', default: '127.0.0.1' },
    log: { type: 'string' },
    /** `line`, `never`, or a period in milliseconds. */
    sync: { type: 'string', default: '50' },
    body: { type: 'string', default: 'digest' },
    seed: { type: 'string' },
    behaviour: { type: 'string', default: '{}' },
    magic: { type: 'boolean', default: false },
    window: { type: 'string' },
    'receipt-window': { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
});

const logOptions = (file: string): TruthLogOptions => ({
  file,
  sync: values.sync === 'line' || values.sync === 'never' ? values.sync : { everyMs: whole(values.sync) },
  body: values.body === 'none' || values.body === 'full' ? values.body : 'digest',
});

const smsc = await startSmsc({
  port: whole(values.port),
  host: values.host,
  behaviour: { magicNumbers: values.magic, ...(JSON.parse(values.behaviour) as BehaviourChange) },
  ...(values.log !== undefined && { log: logOptions(values.log) }),
  ...(values.seed !== undefined && { seed: whole(values.seed) }),
  ...(values.window !== undefined && { window: whole(values.window) }),
  ...(values['receipt-window'] !== undefined && { receiptWindow: whole(values['receipt-window']) }),
});
say({ listening: { host: smsc.host, port: smsc.port, seed: smsc.seed } });

const input = createInterface({ input: process.stdin });
input.on('line', async (line) => {
  try {
    say(await obey(smsc, JSON.parse(line) as Command));
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) });
  }
});
input.on('close', () => {
  if (values['with-parent']) void end();
});
process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());

async function obey(target: Smsc, command: Command): Promise<object> {
  if (command.set) target.set(command.set);
  else if (command.inbound) return { inbound: await target.inbound(command.inbound) };
  else if (command.receipt) return { receipt: await target.strayReceipt(command.receipt) };
  else if (command.disconnect) target.disconnect(command.disconnect);
  else if (command.counts) return { counts: target.counts() };
  else if (command.idle) await target.idle();
  else if (command.flush) await target.flushed();
  else if (command.stop) await end();
  else return { error: 'unknown command' };
  return { done: true };
}

async function end(): Promise<void> {
  await smsc.stop('drop');
  input.close();
  process.stdin.destroy();
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    process.stderr.write(`${text} is not a whole number\n`);
    process.exit(2);
  }
  return number;
}
