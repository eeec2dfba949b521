import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { AppError } from '#platform/errors';
import { COOLING_MS, unassignNumber } from '../inventory.ts';
import { StaleHome } from './home-port.ts';
import { homeContract } from './test/home-contract.ts';
import { LEASE_MS, useMemory } from './test/memory-fixture.ts';

const PAGE = { before: null, limit: 100 };
type Process = Awaited<ReturnType<ReturnType<typeof useMemory>['process']>>;

describe('texts in memory', () => {
  const memory = useMemory();
  const start = () => memory.process();

  describe('a home in this process', () => {
    let own: Process;
    before(async () => {
      own = await start();
    });
    homeContract(
      () => own.home,
      () => own.home.token!,
    );
  });

  test('a text is read wherever it came in, and no table has anything of it', async () => {
    const [first, second] = [await start(), await start()];
    const { workspaceId, part, long } = await memory.tenant();
    assert.deepEqual(await first.sink.receive([part('damson crumble', { from: '+4915123471111' })]), [
      'stored',
    ]);
    const [one, two] = long(['damson ', 'cheese'], 4) as [ReturnType<typeof part>, ReturnType<typeof part>];
    // The parts of one text come in by two processes, as by two binds of a connector.
    assert.deepEqual(await second.sink.receive([one]), ['waiting']);
    assert.deepEqual(await first.sink.receive([two]), ['stored']);
    for (const read of [first.read, second.read, memory.reader()]) {
      const texts = await read(workspaceId, PAGE);
      assert.deepEqual(
        texts.map(({ text, retention }) => [text, retention]),
        [
          ['damson cheese', 'memory'],
          ['damson crumble', 'memory'],
        ],
      );
    }
    await first.home.told();
    assert.equal(
      await memory.count('platform.outbox', `name = 'inbound.received' and payload->>'workspace_id' = $1`, [
        workspaceId,
      ]),
      2,
    );
    for (const table of ['inbound', 'inbound_set', 'inbound_part'])
      assert.equal(await memory.count(`numbers.${table}`), 0);
  });

  test('a text for a number nobody has, or by another connector, is counted and kept nowhere', async () => {
    const { sink } = await start();
    const { part } = await memory.tenant();
    assert.deepEqual(
      await sink.receive([
        part('a', { to: '+4915555999999' }),
        part('b', { connectorId: memory.otherConnectorId }),
        part('c', { to: 'nobody' }),
      ]),
      ['unassigned', 'unassigned', 'unreadable'],
    );
  });

  test('a home that cannot be reached takes nothing: the carrier keeps the text, and readers are told', async () => {
    const [home, other] = [await start(), await start()];
    const { workspaceId, part } = await memory.tenant();
    const elsewhere = await memory.tenant();
    await home.sink.receive([part('first')]);
    home.cut();
    assert.deepEqual(await other.sink.receive([part('second'), elsewhere.part('third')]), [
      'refused',
      'stored',
    ]);
    await assert.rejects(
      memory.reader()(workspaceId, PAGE),
      (error) => error instanceof AppError && error.code === 'unavailable',
    );
    home.mend();
    assert.deepEqual(await other.sink.receive([part('second')]), ['stored']);
    assert.deepEqual(
      (await memory.reader()(workspaceId, PAGE)).map(({ text }) => text),
      ['second', 'first'],
    );
  });

  test('a text whose answer was lost is one text when it comes again', async () => {
    const [home, other] = [await start(), await start()];
    const { workspaceId, part } = await memory.tenant();
    await home.sink.receive([part('before')]);
    const { deposit } = home.home;
    home.home.deposit = async (asked) => {
      await deposit(asked);
      throw new Error('the answer is lost');
    };
    assert.deepEqual(await other.sink.receive([part('once')]), ['refused']);
    home.home.deposit = deposit;
    assert.deepEqual(await other.sink.receive([part('once')]), ['duplicate']);
    assert.equal((await home.read(workspaceId, PAGE)).length, 2);
  });

  test('when a home dies another takes over under a higher epoch, and what was lost is counted', async () => {
    const [home, other] = [await start(), await start()];
    const { workspaceId, numberId, part } = await memory.tenant();
    await home.sink.receive([part('lost'), part('lost too')]);
    await home.home.told();
    const before = await memory.loss();
    home.die();
    assert.deepEqual(await other.sink.receive([part('too early')]), ['refused']);
    await memory.expire(home.home);
    assert.deepEqual(await other.sink.receive([part('after')]), ['stored']);
    assert.deepEqual(
      (await memory.reader()(workspaceId, PAGE)).map(({ text }) => text),
      ['after'],
    );
    const [row] = await memory.database.sql<{ epoch: string; token: string }>(
      `select h.epoch, h.token from numbers.assignment_home h join numbers.assignment a on a.id = h.assignment_id
        where a.number_id = $1`,
      [numberId],
    );
    assert.deepEqual([row?.epoch, row?.token], ['2', other.home.token]);
    const until = performance.now() + 10 * LEASE_MS;
    while ((await memory.loss()) < before + 2 && performance.now() < until)
      await new Promise((next) => setTimeout(next, 20));
    assert.equal(await memory.loss(), before + 2);
  });

  test('a home that slept past its lease takes nothing, shows nothing, and begins anew under another name', async () => {
    const home = await start();
    const { workspaceId, part } = await memory.tenant();
    await home.sink.receive([part('before the sleep')]);
    const token = home.home.token!;
    home.sleep(LEASE_MS);
    assert.equal(home.home.token, null);
    assert.match(home.home.unready()!, /no home/);
    await assert.rejects(
      home.home.read({
        token,
        workspaceId,
        ...PAGE,
        only: null,
        given: 1,
        receivedFrom: null,
        receivedBefore: null,
      }),
      StaleHome,
    );
    assert.equal(home.home.bytes, 0);
    await assert.rejects(home.home.deposit({ token, pieces: [] }), StaleHome);
    const until = performance.now() + 10 * LEASE_MS;
    while (home.home.token === null && performance.now() < until)
      await new Promise((next) => setTimeout(next, 20));
    assert.notEqual(home.home.token, token);
    assert.equal(home.home.unready(), undefined);
    await memory.expire(home.home, token);
    assert.deepEqual(await home.sink.receive([part('after it')]), ['stored']);
    assert.deepEqual(
      (await home.read(workspaceId, PAGE)).map(({ text }) => text),
      ['after it'],
    );
  });

  test('a stop counts exactly what nobody had read', async () => {
    const home = await start();
    const { workspaceId, part } = await memory.tenant();
    await home.sink.receive([part('read')]);
    await home.read(workspaceId, PAGE);
    await home.sink.receive([part('not read')]);
    const before = await memory.loss();
    const { token } = home.home;
    await home.stop();
    assert.equal(await memory.loss(), before + 1);
    assert.equal(await memory.count('numbers.home', 'token = $1', [token]), 0);
    assert.deepEqual(await memory.reader()(workspaceId, PAGE), []);
  });

  test('a text that came before a number was taken back stays with its workspace', async () => {
    const home = await start();
    const mine = await memory.tenant();
    const other = await memory.tenant();
    await home.sink.receive([mine.part('mine'), other.part('not mine')]);
    await memory.database.db.batch((tx) => unassignNumber(tx, mine.numberId));
    await memory.advance(2 * COOLING_MS);
    assert.deepEqual(await home.sink.receive([mine.part('for nobody')]), ['unassigned']);
    // Its lease went with the clock; what is asked of the home itself does not.
    const { token } = home.home;
    const page = { ...PAGE, only: null, given: 100, receivedFrom: null, receivedBefore: null };
    const texts = await home.home.read({ token: token!, workspaceId: mine.workspaceId, ...page });
    assert.deepEqual(
      texts.map(({ content }) => content.toString()),
      ['mine'],
    );
  });
});
