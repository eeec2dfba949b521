// Split brain for real: a process is stopped with SIGSTOP while it holds a bind, and continued when it no longer does.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ServerSession } from '@sotto/smpp';
import { useDatabase } from '../../test/harness.ts';
import { type CarrierFleet, startCarriers } from './fleet.ts';
import { createConnector } from './settings/configure.ts';
import { memoryKeyring } from './test/memory-keyring.ts';
import { SHORT_LEASES } from './test/short-leases.ts';
import { TestSmsc } from './test/test-smsc.ts';
import { until } from './test/under-test.ts';

describe('carriers: fleet.suspended', () => {
  const database = useDatabase();

  test('F24: a suspended sender submits nothing after another process has taken its bind over', async () => {
    const sessions: ServerSession[] = [];
    const smsc = await TestSmsc.start({ onBound: (session) => sessions.push(session) });
    const keyring = await memoryKeyring();
    await createConnector(
      { db: database.db, keyring },
      { name: 'shared', host: '127.0.0.1', port: smsc.port, systemId: 'sotto' },
    );
    const sender = fork(join(import.meta.dirname, 'test/sender-process.ts'), [database.url]);
    let fleet: CarrierFleet | undefined;
    try {
      await once(sender, 'message');
      await until(() => smsc.submits.length > 20);
      sender.kill('SIGSTOP');
      fleet = await startCarriers({
        db: database.db,
        keyring,
        sinks: { receipts: async () => undefined, inbound: async () => undefined },
        leaseTimes: SHORT_LEASES,
        drainMs: 200,
      });
      await until(() => fleet!.connectors()[0]?.health.bindsBound === 1);
      assert.equal(sessions.length, 2);
      const submitsBefore = smsc.submits.length;
      sender.kill('SIGCONT');
      await until(() => sessions[0]!.closeReason !== null);
      assert.equal(smsc.submits.length, submitsBefore, 'the sleeper wrote on a bind that was not its own');
      assert.equal(fleet.connectors()[0]?.health.bindsBound, 1);
    } finally {
      await fleet?.stop();
      sender.kill('SIGKILL');
      await smsc.stop();
    }
  });
});
