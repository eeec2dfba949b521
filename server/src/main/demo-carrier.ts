// Development and tests: the simulated carrier, a connector to it, and a price and a route for everywhere, so that a
// message goes out and comes back on a machine with nothing set up.
import { type Smsc, startSmsc } from '@sotto/simulator';
import { createConnector, listConnectors, updateConnector } from '#carriers';
import { addPrice, addRoute, pageOfPrices, pageOfRoutes } from '#messages';
import type { Database } from '#platform/database';
import type { Keyring } from '#privacy';

const NAME = 'simulator';
/** EUR 0.0075 a segment. */
const PRICE_MICROS = 7_500n;
const CURRENCY = 'EUR';
const WINDOW = 100;
const SENDER = 'Sotto';

export interface DemoCarrier {
  readonly smsc: Smsc;
  /** Id of the connector that binds to it. */
  readonly connectorId: string;
}

/** Starts the simulated carrier and points the connector `simulator` at it. May be repeated, by one process at a time. */
export async function startDemoCarrier(db: Database, keyring: Keyring): Promise<DemoCarrier> {
  // Whoever tries the platform chooses an outcome by the last digits of the recipient: see simulator/README.md.
  const smsc = await startSmsc({ host: '127.0.0.1', port: 0, behaviour: { magicNumbers: true } });
  try {
    return { smsc, connectorId: await connect(db, keyring, smsc) };
  } catch (error) {
    await smsc.stop('drop');
    throw error;
  }
}

/** The connector, a price and a route for everywhere. */
async function connect(db: Database, keyring: Keyring, smsc: Smsc): Promise<string> {
  const existing = (await listConnectors({ db })).find((connector) => connector.settings.name === NAME);
  const connector = existing
    ? await updateConnector({ db, keyring }, existing.id, { host: smsc.host, port: smsc.port, enabled: true })
    : await createConnector(
        { db, keyring },
        {
          name: NAME,
          host: smsc.host,
          port: smsc.port,
          systemId: 'sotto',
          password: 'demo',
          windowSize: WINDOW,
          otpWindowReserve: WINDOW / 10,
          upstreamRetentionDays: 0,
        },
      );
  await db.batch(async (tx) => {
    const [prices, routes] = await Promise.all([pageOfPrices(tx, null, 1), pageOfRoutes(tx, null, 1)]);
    if (prices.length === 0) {
      await addPrice(tx, {
        prefix: '',
        class: null,
        currency: CURRENCY,
        perPartMicros: PRICE_MICROS,
        costPerPartMicros: null,
      });
    }
    if (routes.length === 0) {
      await addRoute(tx, {
        prefix: '',
        class: null,
        connectorId: connector.id,
        rank: 0,
        weight: 1,
        sender: SENDER,
      });
    }
  });
  return connector.id;
}
