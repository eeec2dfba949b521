import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import type { Smsc } from './smsc.ts';
import { answerOf, bindClient, withSmsc } from './test/client.ts';
import { bodyDigest, readTruthLog } from './truth-log.ts';

function temporaryLog(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-simulator-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'truth.jsonl');
}

test('the log tells every event of a message, with ids as they were answered', async (context) => {
  const file = temporaryLog(context);
  await withSmsc(
    { log: { file, sync: 'line', body: 'digest' }, behaviour: { responseId: 'hex' } },
    async (smsc) => {
      const client = await bindClient(smsc);
      const [, id] = answerOf(await client.submit('491512345678')) as [number, string];
      await smsc.idle();
      await smsc.inbound({ from: '491512345678', to: '100', text: 'hi' });
      const events = readTruthLog(file);
      assert.deepEqual(
        events.map(({ event }) => event),
        ['start', 'connect', 'bind', 'submit', 'answer', 'receipt', 'receipt_ack', 'inbound', 'inbound_ack'],
      );
      const [, , bind, submit, answer, receipt, ack] = events;
      assert.ok(bind?.event === 'bind' && bind.systemId === 'client' && bind.status === 0);
      assert.ok(submit?.event === 'submit' && submit.destination === '491512345678');
      assert.equal(submit.digest, bodyDigest(Buffer.from('hello')));
      assert.equal(submit.body, undefined);
      assert.ok(answer?.event === 'answer' && answer.messageId === id && answer.sent);
      assert.ok(receipt?.event === 'receipt' && receipt.messageId === id && receipt.state === 'delivered');
      assert.ok(ack?.event === 'receipt_ack' && ack.status === 0 && ack.sequence === receipt.sequence);
    },
  );
  assert.equal(readTruthLog(file).at(-1)?.event, 'close');
});

test('bodies are kept only when asked for', async (context) => {
  const file = temporaryLog(context);
  const submitUnder = async (body: 'none' | 'full') => {
    await withSmsc({ log: { file, sync: { everyMs: 5 }, body } }, async (smsc) => {
      await (await bindClient(smsc)).submit('491512345678');
    });
    return readTruthLog(file).findLast(({ event }) => event === 'submit');
  };
  const none = await submitUnder('none');
  assert.ok(none?.event === 'submit' && none.digest === undefined && none.body === undefined);
  assert.doesNotMatch(readFileSync(file, 'utf8'), /68656c6c6f/);
  const full = await submitUnder('full');
  assert.ok(full?.event === 'submit' && full.body === Buffer.from('hello').toString('hex'));
});

test('grouped writing loses nothing that was flushed, and a log goes on in the same file', async (context) => {
  const file = temporaryLog(context);
  const run = (story: (smsc: Smsc) => Promise<void>) =>
    withSmsc({ log: { file, sync: { everyMs: 60_000 }, body: 'none' } }, story);
  await run(async (smsc) => {
    const client = await bindClient(smsc);
    await Promise.all(Array.from({ length: 500 }, () => client.submit('491512345678')));
    await smsc.flushed();
    assert.equal(readTruthLog(file).filter(({ event }) => event === 'submit').length, 500);
  });
  await run(async () => undefined);
  assert.equal(readTruthLog(file).filter(({ event }) => event === 'start').length, 2);
});

test('a last line cut off by a kill is left out, damage elsewhere is an error', async (context) => {
  const file = temporaryLog(context);
  await withSmsc({ log: { file, sync: 'line', body: 'none' } }, async () => undefined);
  appendFileSync(file, '{"event":"submit","at":17');
  assert.deepEqual(
    readTruthLog(file).map(({ event }) => event),
    ['start'],
  );
  appendFileSync(file, '\n{"event":"close"}\n');
  assert.throws(() => readTruthLog(file), SyntaxError);
});

interface Process {
  readonly child: ChildProcess;
  ask(command: object): Promise<Record<string, unknown>>;
  readonly listening: { readonly host: string; readonly port: number };
}

async function startProcess(context: TestContext, ...flags: string[]): Promise<Process> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'smsc-process.ts'), '--port', '0', ...flags],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  context.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string) as Record<string, unknown>;
  const { listening } = (await next()) as { listening: Process['listening'] };
  return {
    child,
    listening,
    ask(command) {
      child.stdin!.write(`${JSON.stringify(command)}\n`);
      return next();
    },
  };
}

test('as a process it takes commands, and ends on SIGTERM with its log whole', async (context) => {
  const file = temporaryLog(context);
  const { child, ask, listening } = await startProcess(context, '--log', file, '--magic', '--seed', '7');
  const client = await bindClient(listening as Smsc);
  assert.equal((answerOf(await client.submit('491512340010')) as [number, string])[0], 0x0b);
  assert.deepEqual(await ask({ set: { errors: [{ status: 8 }] } }), { done: true });
  assert.equal((answerOf(await client.submit('491512349999')) as [number, string])[0], 8);
  assert.deepEqual(await ask({ inbound: { from: '49151', to: '100', text: 'hi' } }), { inbound: [0] });
  const { counts } = (await ask({ counts: true })) as { counts: { submits: number } };
  assert.equal(counts.submits, 2);
  assert.deepEqual(await ask({ set: { typo: 1 } }), { error: 'the simulator has no setting typo' });
  assert.deepEqual(await ask({ dance: true }), { error: 'unknown command' });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
  await client.session.closed();
  assert.equal(readTruthLog(file).at(-1)?.event, 'close');
});

test('as a process with a parent it ends when the parent is gone', async (context) => {
  const { child } = await startProcess(context, '--with-parent');
  const exited = once(child, 'exit');
  child.stdin!.end();
  assert.deepEqual(await exited, [0, null]);
});
