import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { useDatabase } from '../../../test/harness.ts';
import { HandTimers } from '../test/hand-timers.ts';
import { until } from '../test/under-test.ts';
import { type BindLease, DatabaseLeases, type LeaseClaim } from './lease-keeper.ts';

describe('carriers: lease keeper', () => {
  const database = useDatabase();

  const TIMES = { ttlMs: 30_000, heartbeatMs: 5_000, tryMs: 1_000 };
  let names = 0;

  async function aConnector(binds = 2): Promise<string> {
    const id = newId();
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id, binds) values ($1, $2, 'h', 1, 's', $3)`,
      [id, `lease-${++names}`, binds],
    );
    return id;
  }

  /** One process that wants every slot of a connector. */
  class Contender {
    readonly timers = new HandTimers();
    readonly keeper = new DatabaseLeases(database.db, TIMES, this.timers);
    readonly leases = new Map<number, BindLease>();
    readonly claims: LeaseClaim[] = [];
    lost = 0;

    want(connectorId: string, slots: number): this {
      for (let slot = 0; slot < slots; slot++) {
        this.claims.push(
          this.keeper.want(connectorId, slot, {
            onGranted: (lease) => this.leases.set(slot, lease),
            onLost: () => {
              this.leases.delete(slot);
              this.lost += 1;
            },
          }),
        );
      }
      return this;
    }

    get valid(): number {
      return [...this.leases.values()].filter((lease) => lease.isValid()).length;
    }
  }

  /** Lets the round that is under way, and one more, finish. */
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await database.sql('select 1');
  };

  test('of several processes exactly one holds each slot', async () => {
    const id = await aConnector(3);
    const processes = Array.from({ length: 4 }, () => new Contender().want(id, 3));
    await until(() => processes.reduce((sum, one) => sum + one.leases.size, 0) === 3);
    await settle();
    assert.equal(
      processes.reduce((sum, one) => sum + one.leases.size, 0),
      3,
    );
  });

  test('heartbeats keep a lease for as long as the process lives', async () => {
    const id = await aConnector();
    const one = new Contender().want(id, 1);
    const other = new Contender().want(id, 1);
    await until(() => one.leases.size + other.leases.size === 1);
    const [holder, waiting] = one.leases.size === 1 ? [one, other] : [other, one];
    for (let step = 0; step < 12; step++) {
      await database.advance(5_000);
      holder.timers.advance(5_000);
      await settle();
      waiting.timers.advance(5_000);
      await settle();
      assert.deepEqual([holder.valid, waiting.leases.size], [1, 0]);
    }
  });

  test('F24: a process that slept past its lease has lost it before another one takes the slot under a new epoch', async () => {
    const id = await aConnector();
    const sleeper = new Contender().want(id, 1);
    await until(() => sleeper.valid === 1);
    const { epoch } = sleeper.leases.get(0)!;
    sleeper.timers.sleep(29_000);
    assert.equal(sleeper.valid, 0, 'the local end lies before the database’s');
    await database.advance(31_000);
    const other = new Contender().want(id, 1);
    await until(() => other.valid === 1);
    assert.ok(other.leases.get(0)!.epoch > epoch);
    sleeper.timers.advance(1_000);
    await until(() => sleeper.lost === 1);
    await settle();
    assert.equal(sleeper.leases.size, 0);
    assert.equal(other.valid, 1);
  });

  test('a heartbeat under a stale epoch changes nothing and tells the process that it lost', async () => {
    const id = await aConnector();
    const one = new Contender().want(id, 1);
    await until(() => one.valid === 1);
    await database.sql(
      'update carriers.bind_lease set token = gen_random_uuid(), epoch = epoch + 1 where connector_id = $1',
      [id],
    );
    const before = await database.sql(
      'select token, epoch, expires_at from carriers.bind_lease where connector_id = $1',
      [id],
    );
    one.timers.advance(5_000);
    await until(() => one.lost === 1);
    assert.deepEqual(
      await database.sql('select token, epoch, expires_at from carriers.bind_lease where connector_id = $1', [
        id,
      ]),
      before,
    );
  });

  test('a slot given back is taken at once by the next process, under the next epoch', async () => {
    const id = await aConnector();
    const one = new Contender().want(id, 1);
    await until(() => one.valid === 1);
    const { epoch } = one.leases.get(0)!;
    const other = new Contender().want(id, 1);
    await settle();
    assert.equal(other.leases.size, 0);
    await one.claims[0]!.giveUp();
    other.timers.advance(1_000);
    await until(() => other.valid === 1);
    assert.equal(other.leases.get(0)!.epoch, epoch + 1n);
  });

  test('slots of disabled and deleted connectors, and beyond the number of binds, are given to nobody', async () => {
    const id = await aConnector(1);
    const one = new Contender().want(id, 2);
    await until(() => one.leases.size === 1);
    await settle();
    assert.deepEqual([...one.leases.keys()], [0]);
    const disabled = await aConnector();
    await database.sql('update carriers.connector set enabled = false where id = $1', [disabled]);
    const gone = new Contender().want(disabled, 1).want(newId(), 1);
    await settle();
    assert.equal(gone.leases.size, 0);
  });

  test('two claims of one process for the same slot never hold it together', async () => {
    const id = await aConnector(1);
    const one = new Contender();
    const granted: string[] = [];
    const holder = (name: string) => ({ onGranted: () => granted.push(name), onLost: () => undefined });
    const before = one.keeper.want(id, 0, holder('before'));
    one.keeper.want(id, 0, holder('after'));
    await until(() => granted.length === 1);
    await settle();
    assert.deepEqual(granted, ['before']);
    await before.giveUp();
    await until(() => granted.length === 2);
    assert.deepEqual(granted, ['before', 'after']);
  });
});
