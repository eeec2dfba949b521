// Wiring of texts that may not be stored: the home of a process with the carrier role, the relay to the others, and
// what readers and carriers see of both.
import { openLinks, relayKeysOf, startRelay } from '#live';
import {
  createMemoryReader,
  createMemorySink,
  type Home,
  type InboundSink,
  type MemoryReader,
  startHome,
  watchHome,
} from '#numbers';
import type { Config } from '#platform/config';
import type { Component } from '#platform/lifecycle';
import { log } from '#platform/log';
import type { Readiness } from '#platform/readiness';
import type { Ground } from './ground.ts';

export interface ComposedMemory {
  readonly reader: MemoryReader;
  /** Null in a process without the carrier role. */
  readonly sink: InboundSink | null;
  readonly components: readonly Component[];
}

/** A home where this process takes texts from carriers; else the links to the homes of others alone. */
export async function composeMemory(
  { db, keyring }: Ground,
  config: Config,
  readiness: Readiness,
): Promise<ComposedMemory> {
  const keys = relayKeysOf(keyring);
  const links = openLinks(keys);
  const components: Component[] = [{ name: 'relay-links', stop: () => links.stop() }];
  let home: Home | null = null;
  if (config.roles.includes('carrier')) {
    const relay = await startRelay({ keys, log, host: config.relayHost, port: config.relayPort });
    const own = await startHome({ db, log, address: relay.address, leaseMs: config.senderLeaseMs });
    relay.serve(own);
    home = own;
    watchHome(db, own);
    readiness.register('numbers.inbound_memory', () => own.unready());
    components.push({ name: 'relay', stop: () => relay.stop() }, { name: 'home', stop: () => own.stop() });
  }
  return {
    reader: createMemoryReader({ db, home, links }),
    sink: home === null ? null : createMemorySink({ db, log, home, links }),
    components,
  };
}
