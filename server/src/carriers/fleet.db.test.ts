import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Keyring } from '#privacy';
import { useDatabase } from '../../test/harness.ts';
import { type CarrierFleet, type FleetOptions, startCarriers } from './fleet.ts';
import type { CarrierInbound, CarrierReceipt } from './port.ts';
import { createConnector, deleteConnector, disableConnector, updateConnector } from './settings/configure.ts';
import type { NewConnector } from './settings/connector-settings.ts';
import { memoryKeyring } from './test/memory-keyring.ts';
import { handsetMessage, receiptFor, TestSmsc } from './test/test-smsc.ts';
import { aPart, outcomesOf, until } from './test/under-test.ts';

describe('carriers: fleet', () => {
  const database = useDatabase();
  let keyring: Keyring;
  before(async () => {
    keyring = await memoryKeyring();
  });

  const fleets: CarrierFleet[] = [];
  after(async () => {
    for (const fleet of fleets) await fleet.stop();
  });

  interface Stored {
    readonly receipts: CarrierReceipt[];
    readonly inbound: CarrierInbound[];
  }

  async function aFleet(more: Partial<FleetOptions> = {}): Promise<{ fleet: CarrierFleet; stored: Stored }> {
    const stored: Stored = { receipts: [], inbound: [] };
    const fleet = await startCarriers({
      db: database.db,
      keyring,
      sinks: {
        receipts: async (batch) => void stored.receipts.push(...batch),
        inbound: async (batch) => void stored.inbound.push(...batch),
      },
      drainMs: 300,
      pollMs: 100,
      leaseTimes: { ttlMs: 30_000, heartbeatMs: 5_000, tryMs: 100 },
      ...more,
    });
    fleets.push(fleet);
    return { fleet, stored };
  }

  const dependencies = () => ({ db: database.db, keyring });
  const aConnector = (name: string, smsc: TestSmsc, more: Partial<NewConnector> = {}) =>
    createConnector(dependencies(), {
      name,
      host: '127.0.0.1',
      port: smsc.port,
      systemId: 'sotto',
      password: 'secret08',
      ...more,
    });
  const isBound = (fleet: CarrierFleet, id: string, binds = 1) =>
    fleet.connector(id)?.health.bindsBound === binds;

  test('a connector created while the fleet runs is bound with its own password and carries both ways', async () => {
    const passwords: string[] = [];
    const smsc = await TestSmsc.start({
      onBind: ({ password }) => {
        passwords.push(password);
        return 0;
      },
    });
    const { fleet, stored } = await aFleet();
    let changes = 0;
    fleet.onChange(() => {
      changes += 1;
    });
    const made = await aConnector('created', smsc);
    await until(() => isBound(fleet, made.id));
    assert.ok(changes > 0);
    assert.deepEqual(passwords, ['secret08']);
    assert.equal((await outcomesOf(fleet.connector(made.id)!, [aPart()]))[0]?.kind, 'accepted');
    const answers = await Promise.all([smsc.deliver(receiptFor('id-1')), smsc.deliver(handsetMessage())]);
    assert.deepEqual(
      answers.map((answer) => (answer.kind === 'response' ? answer.status : answer.kind)),
      [0, 0],
    );
    assert.deepEqual([stored.receipts.length, stored.inbound.length], [1, 1]);
    assert.equal(stored.receipts[0]?.connectorId, made.id);
    await deleteConnector(dependencies(), made.id);
    await until(() => fleet.connector(made.id) === undefined && smsc.sessions.size === 0);
    await fleet.stop();
    await smsc.stop();
  });

  test('a changed connector is bound anew without touching the others', async () => {
    const [one, other] = [await TestSmsc.start(), await TestSmsc.start()];
    const { fleet } = await aFleet();
    const changing = await aConnector('changing', one);
    const steady = await aConnector('steady', other);
    await until(() => isBound(fleet, changing.id) && isBound(fleet, steady.id));
    const untouched = fleet.connector(steady.id);
    await updateConnector(dependencies(), changing.id, { windowSize: 33 });
    await until(() => one.binds === 2 && isBound(fleet, changing.id));
    assert.equal(fleet.connector(changing.id)?.health.windowMax, 33);
    assert.equal(fleet.connector(steady.id), untouched);
    assert.equal(other.binds, 1);
    await disableConnector(dependencies(), changing.id);
    await until(() => fleet.connector(changing.id) === undefined && one.sessions.size === 0);
    assert.ok(isBound(fleet, steady.id));
    await deleteConnector(dependencies(), changing.id);
    await deleteConnector(dependencies(), steady.id);
    await fleet.stop();
    await one.stop();
    await other.stop();
  });

  test('a change of the rate alone is taken up without binding anew', async () => {
    const smsc = await TestSmsc.start();
    const { fleet } = await aFleet();
    const made = await aConnector('retuned', smsc);
    await until(() => isBound(fleet, made.id));
    const before = fleet.connector(made.id);
    await updateConnector(dependencies(), made.id, { partsPerSecond: 70 });
    await until(() => fleet.connector(made.id)?.health.partsPerSecondLimit === 70);
    assert.equal(fleet.connector(made.id), before);
    assert.equal(smsc.binds, 1);
    await updateConnector(dependencies(), made.id, { password: 'changed' });
    await until(() => smsc.binds === 2 && isBound(fleet, made.id));
    await deleteConnector(dependencies(), made.id);
    await fleet.stop();
    await smsc.stop();
  });

  test('over two processes there are never more binds than configured, and one takes over from the other', async () => {
    let open = 0;
    let openMax = 0;
    const smsc = await TestSmsc.start({
      onBound: (session) => {
        openMax = Math.max(openMax, ++open);
        void session.closed().then(() => (open -= 1));
      },
    });
    const made = await aConnector('shared', smsc, { binds: 2 });
    const first = await aFleet();
    const second = await aFleet();
    const binds = () =>
      (first.fleet.connector(made.id)?.health.bindsBound ?? 0) +
      (second.fleet.connector(made.id)?.health.bindsBound ?? 0);
    await until(() => binds() === 2);
    await first.fleet.stop();
    await until(() => isBound(second.fleet, made.id, 2));
    assert.equal(openMax, 2);
    assert.equal((await outcomesOf(second.fleet.connector(made.id)!, [aPart()]))[0]?.kind, 'accepted');
    await deleteConnector(dependencies(), made.id);
    await second.fleet.stop();
    await smsc.stop();
  });

  test('a sink that fails makes the carrier send again, and nothing is answered OK before it is stored', async () => {
    const smsc = await TestSmsc.start();
    let working = false;
    const receipts: CarrierReceipt[] = [];
    const { fleet } = await aFleet({
      sinks: {
        async receipts(batch) {
          if (!working) throw Object.assign(new Error('down'), { retryable: true });
          receipts.push(...batch);
        },
        async inbound() {
          throw new Error('not expected here');
        },
      },
    });
    const made = await aConnector('failing', smsc);
    await until(() => isBound(fleet, made.id));
    const status = async () => {
      const answer = await smsc.deliver(receiptFor('again-1'));
      return answer.kind === 'response' ? answer.status : answer.kind;
    };
    assert.equal(await status(), 0x64);
    assert.equal(receipts.length, 0);
    working = true;
    assert.equal(await status(), 0);
    assert.equal(receipts.length, 1);
    await deleteConnector(dependencies(), made.id);
    await fleet.stop();
    await smsc.stop();
  });

  test('what was learned about ids leads, and outlives a change of the settings', async () => {
    const smsc = await TestSmsc.start();
    const { fleet, stored } = await aFleet();
    const made = await aConnector('learning', smsc);
    await until(() => isBound(fleet, made.id));
    await smsc.deliver(receiptFor('6aad5'));
    const { messageIds, messageIdForms } = stored.receipts[0]!;
    fleet.matched(made.id, messageIdForms[messageIds.indexOf('436949')]!);
    await updateConnector(dependencies(), made.id, { windowSize: 12 });
    await until(() => smsc.binds === 2 && isBound(fleet, made.id));
    await smsc.deliver(receiptFor('6aad5'));
    assert.equal(stored.receipts[1]!.messageIds[0], '436949');
    await deleteConnector(dependencies(), made.id);
    await fleet.stop();
    await smsc.stop();
  });

  test('a connector whose password does not open keeps no other from starting', async () => {
    const smsc = await TestSmsc.start();
    const broken = await aConnector('broken', smsc);
    const whole = await aConnector('whole', smsc);
    await database.sql(
      'update carriers.connector set password = (select password from carriers.connector where id = $1) where id = $2',
      [whole.id, broken.id],
    );
    const { fleet } = await aFleet();
    await until(() => isBound(fleet, whole.id));
    assert.equal(fleet.connector(broken.id), undefined);
    assert.deepEqual(
      fleet.health().map(({ name }) => name),
      ['whole'],
    );
    await updateConnector(dependencies(), broken.id, { password: 'healed' });
    await until(() => isBound(fleet, broken.id));
    await deleteConnector(dependencies(), broken.id);
    await deleteConnector(dependencies(), whole.id);
    await fleet.stop();
    await smsc.stop();
  });
});
