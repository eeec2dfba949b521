// An SMPP connector over a real socket, with short timers, and what it reported.
import { after } from 'node:test';
import { type LeaseKeeper, ungovernedLeases } from '../leases/lease-keeper.ts';
import type { CarrierInbound, CarrierReceipt, PartOutcome, PartToSubmit } from '../port.ts';
import { MessageIds } from '../receipts/message-ids.ts';
import { type ConnectorSettings, DEFAULT_SETTINGS } from '../settings/connector-settings.ts';
import { SmppConnector, type SmppConnectorOptions } from '../smpp/smpp-connector.ts';

export const testSettings = (port: number, given: Partial<ConnectorSettings> = {}): ConnectorSettings => ({
  ...DEFAULT_SETTINGS,
  permanentStatuses: [],
  temporaryStatuses: [],
  throttlingStatuses: [],
  name: 'test',
  host: '127.0.0.1',
  port,
  systemId: 'sotto',
  ...given,
});

export interface UnderTest {
  readonly connector: SmppConnector;
  readonly receipts: CarrierReceipt[];
  readonly inbound: CarrierInbound[];
  readonly ids: MessageIds;
}

const started = new Set<SmppConnector>();
after(async () => {
  for (const connector of started) await connector.stop();
});

/** Starts a connector; deliveries are recorded and acknowledged at once unless `given` takes them. */
export function startConnector(
  port: number,
  settings: Partial<ConnectorSettings> = {},
  given: Partial<SmppConnectorOptions> & { leases?: LeaseKeeper } = {},
): UnderTest {
  const receipts: CarrierReceipt[] = [];
  const inbound: CarrierInbound[] = [];
  const whole = testSettings(port, settings);
  const ids = new MessageIds(whole.messageIds);
  const connector = new SmppConnector({
    id: '0197a000-0000-7000-8000-000000000001',
    settings: whole,
    password: 'secret',
    leases: ungovernedLeases,
    ids,
    onReceipt: (receipt, settle) => {
      receipts.push(receipt);
      settle(true);
    },
    onInbound: (message, settle) => {
      inbound.push(message);
      settle(true);
    },
    drainMs: 500,
    backOff: () => 10,
    ...given,
  });
  started.add(connector);
  return { connector, receipts, inbound, ids };
}

let made = 0;

/** A part whose text names it, so that the carrier's log can be compared. */
export function aPart(given: Partial<PartToSubmit> = {}): PartToSubmit {
  const id = given.id ?? `part-${++made}`;
  return {
    id,
    lane: 'transactional',
    to: '+491512345001',
    from: '+491512345900',
    text: id,
    encoding: 'gsm7',
    concat: null,
    validitySeconds: null,
    ...given,
  };
}

/** Submits parts and resolves with the outcome of each, in the order of the parts. Fails on a second outcome. */
export function outcomesOf(
  connector: Pick<SmppConnector, 'submit'>,
  parts: readonly PartToSubmit[],
): Promise<PartOutcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes = new Map<PartToSubmit, PartOutcome>();
    if (parts.length === 0) return resolve([]);
    connector.submit(parts, (part, outcome) => {
      if (outcomes.has(part)) reject(new Error(`${part.id} had two outcomes`));
      outcomes.set(part, outcome);
      if (outcomes.size === parts.length) resolve(parts.map((one) => outcomes.get(one)!));
    });
  });
}

/** Resolves when `condition` holds; looks every few milliseconds and gives up after `limitMs`. */
export async function until(condition: () => boolean, limitMs = 5_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export const bound = (connector: SmppConnector, binds = 1): Promise<void> =>
  until(() => connector.health.bindsBound === binds);
