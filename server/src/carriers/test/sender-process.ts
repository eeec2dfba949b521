// A process of its own with one fleet, for the test that stops it like a suspended machine: `node sender-process.ts
// <database url>`. It submits without end on whatever binds it gets, and says what it holds.
import { Database } from '../../platform/db/database.ts';
import { startCarriers } from '../fleet.ts';
import { LANES } from '../port.ts';
import { memoryKeyring } from './memory-keyring.ts';
import { SHORT_LEASES } from './short-leases.ts';
import { aPart } from './under-test.ts';

const fleet = await startCarriers({
  db: new Database({ url: process.argv[2]!, connections: 2, applicationName: 'sender' }),
  keyring: await memoryKeyring(),
  sinks: { receipts: async () => undefined, inbound: async () => undefined },
  leaseTimes: SHORT_LEASES,
});
setInterval(() => {
  for (const connector of fleet.connectors())
    if (connector.capacity(LANES[1]) > 0) connector.submit([aPart()], () => undefined);
}, 2);
process.send?.('started');
// The parent's end is ours.
process.on('disconnect', () => process.exit(0));
