// A connector to the carrier behind the network's faults, a price and a route, made over the API as operators do.
import type { Dice } from './dice.ts';

const WINDOW = 20;

/** Resolves when all three exist. The kind of binds is drawn: transceivers, or a transmitter and a receiver. */
export async function configureCarrier(
  baseUrl: string,
  adminKey: string,
  port: number,
  dice: Dice,
): Promise<void> {
  const create = async (path: string, body: object): Promise<{ id: string }> => {
    const response = await fetch(`${baseUrl}/v1/admin/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { id: string };
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const connector = await create('carriers', {
    name: 'faulty',
    host: '127.0.0.1',
    port,
    system_id: 'faults',
    password: 'faults',
    bind_mode: dice.pick(['trx', 'tx_rx']),
    binds: 1,
    window_size: WINDOW,
    otp_window_reserve: 2,
    // The gate refuses a restart while nothing says how long a carrier keeps what it is given.
    upstream_retention_days: 0,
    // A silent carrier is noticed in seconds, as a test wants it.
    response_timeout_seconds: 3,
    enquire_link_seconds: 1,
    message_ids: 'learned',
  });
  await create('prices', { prefix: '', price: { amount: '0.0075', currency: 'EUR' } });
  await create('routes', { prefix: '', connector_id: connector.id, sender: 'Sotto' });
}
