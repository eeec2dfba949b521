// Processes that keep texts in memory, over one database: each with a home of its own, and links that lead from one to
// another as relays do, but within the test. A link can be cut.
import { after } from 'node:test';
import { monotonicMs } from '#platform/clock';
import { log } from '#platform/log';
import { useInbound } from '../../test/inbound-fixture.ts';
import { type Home, startHome } from '../home.ts';
import type { HomeLinks, HomePort } from '../home-port.ts';
import { createMemoryReader } from '../memory-list.ts';
import { createMemorySink } from '../memory-sink.ts';

export const LEASE_MS = 2_000;

/** Call it at describe level; use what it returns inside tests. */
export function useMemory() {
  const running = new Set<Home>();
  // Hooks run in the order they are registered: homes end before the database does.
  after(async () => {
    for (const home of running) await home.stop();
  });
  const inbound = useInbound();
  const homes = new Map<string, Home>();
  const cut = new Set<string>();
  let made = 0;

  const links: HomeLinks = {
    to(address): HomePort {
      const reach = () => {
        const home = homes.get(address);
        if (home === undefined || cut.has(address)) throw new Error('nobody answers there');
        return home;
      };
      return {
        deposit: async (deposit) => reach().deposit(deposit),
        read: async (read) => reach().read(read),
      };
    },
  };

  /** Another process with the carrier role. Its clock can be told to run ahead, which is how it sleeps past a lease. */
  async function process() {
    const { db } = inbound.database;
    const address = `home.example:${++made}`;
    let aheadMs = 0;
    const home = await startHome({
      db,
      log,
      address,
      leaseMs: LEASE_MS,
      nowMs: () => monotonicMs() + aheadMs,
    });
    homes.set(address, home);
    running.add(home);
    return {
      home,
      address,
      sink: createMemorySink({ db, log, home, links }),
      read: createMemoryReader({ db, home, links }),
      /** Nobody reaches it any more, though it lives. */
      cut: () => void cut.add(address),
      mend: () => void cut.delete(address),
      /** Its own clock says that time has passed. */
      sleep(ms: number) {
        aheadMs += ms;
      },
      /** It is gone without a word. */
      die() {
        homes.delete(address);
      },
      async stop() {
        running.delete(home);
        await home.stop();
      },
    };
  }

  return {
    ...inbound,
    get sink() {
      return inbound.sink;
    },
    get keyring() {
      return inbound.keyring;
    },
    links,
    process,
    /** Reads as a process with the api role alone does. */
    reader: () => createMemoryReader({ db: inbound.database.db, home: null, links }),
    /** The lease of a home is over by the database's clock. */
    expire: (home: Home, token = home.token) =>
      inbound.database.sql(
        `update numbers.home set expires_at = platform.clock() - interval '1 minute' where token = $1`,
        [token],
      ),
    loss: async () =>
      Number(
        (await inbound.database.sql<{ texts: string }>('select texts from numbers.memory_loss'))[0]!.texts,
      ),
  };
}
