// A process that sleeps or loses its lease must not write on a bind that may be another one's by now (F24).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BindLease, LeaseHolder, LeaseKeeper } from '../leases/lease-keeper.ts';
import { TestSmsc } from '../test/test-smsc.ts';
import { aPart, bound, outcomesOf, startConnector, until } from '../test/under-test.ts';

const parts = (count: number) => Array.from({ length: count }, () => aPart());

/** A keeper whose lease a test ends. */
function leaseByHand() {
  let holder: LeaseHolder | undefined;
  let valid = true;
  let asked = 0;
  const lease: BindLease = {
    epoch: 1n,
    isValid: () => {
      asked += 1;
      return valid;
    },
  };
  const keeper: LeaseKeeper = {
    want(_connector, _slot, wanting) {
      holder = wanting;
      return { giveUp: async () => undefined };
    },
  };
  return {
    keeper,
    grant: () => {
      valid = true;
      holder!.onGranted(lease);
    },
    /** As after a long sleep: the lease has run out, and nobody has said so yet. */
    expire: () => {
      valid = false;
    },
    take: () => holder!.onLost(),
    asked: () => asked,
  };
}

test('F24: a process whose lease ran out while it slept writes nothing more and closes its socket', async () => {
  const leases = leaseByHand();
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port, {}, { leases: leases.keeper });
  assert.equal(connector.health.state, 'standby');
  leases.grant();
  await bound(connector);
  leases.expire();
  assert.deepEqual(await outcomesOf(connector, parts(3)), Array(3).fill({ kind: 'not_sent' }));
  await until(() => smsc.sockets.size === 0);
  assert.equal(smsc.submits.length, 0);
  assert.equal(connector.health.state, 'standby');
  leases.grant();
  await bound(connector);
  assert.equal((await outcomesOf(connector, [aPart()]))[0]?.kind, 'accepted');
  await connector.stop();
  await smsc.stop();
});

test('F24: what was gathered before the sleep does not leave after it', async () => {
  const leases = leaseByHand();
  const smsc = await TestSmsc.start();
  const { connector } = startConnector(smsc.port, {}, { leases: leases.keeper });
  leases.grant();
  await bound(connector);
  const outcomes = outcomesOf(connector, parts(3));
  // The parts are encoded in a microtask and written at the end of the turn: in between the process "sleeps".
  await Promise.resolve();
  await Promise.resolve();
  leases.expire();
  for (const outcome of await outcomes) assert.notEqual(outcome.kind, 'accepted');
  await until(() => smsc.sockets.size === 0);
  assert.equal(smsc.submits.length, 0);
  await connector.stop();
  await smsc.stop();
});

test('F24: a lease taken by another process ends the session at once', async () => {
  const leases = leaseByHand();
  const smsc = await TestSmsc.start({ onSubmit: () => undefined });
  const { connector } = startConnector(smsc.port, {}, { leases: leases.keeper });
  leases.grant();
  await bound(connector);
  const outcome = outcomesOf(connector, [aPart()]);
  await until(() => smsc.submits.length === 1);
  leases.take();
  assert.deepEqual(await outcome, [{ kind: 'unknown', reason: 'lost' }]);
  await until(() => smsc.sockets.size === 0);
  assert.equal(connector.health.binds[0]?.state, 'leased_elsewhere');
  await connector.stop();
  await smsc.stop();
});
