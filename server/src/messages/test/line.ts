// A process that accepts and submits, wired as `compose` wires one, over connectors in memory.
import type { CarrierFleet, CarrierReceipt, MessageIdForm } from '#carriers';
import { LoopbackConnector, type LoopbackOptions } from '#carriers/loopback';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { Keyring } from '#privacy';
import { type Acceptance, type AcceptanceOptions, startAcceptance } from '../acceptance.ts';
import { startReceipts } from '../receipts.ts';
import { type Sending, type SendingOptions, startSending } from '../sending.ts';
import type { Tariff } from '../tariff.ts';
import { UNRESTRICTED } from './arrange.ts';

export interface LineParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly log: Log;
  readonly tariff: Tariff;
  /** Connectors of the line; one made of the loopback's options when left out. */
  readonly connectors?: readonly LoopbackConnector[];
  readonly sending?: Partial<SendingOptions>;
  readonly acceptance?: Partial<AcceptanceOptions>;
}

export type LineOptions = Partial<LineParts> & LoopbackOptions;

export interface Line {
  /** The first connector. */
  readonly connector: LoopbackConnector;
  /** The connectors by id; a test may take one away or put another in its place. */
  readonly connectors: Map<string, LoopbackConnector>;
  readonly sending: Sending;
  readonly acceptance: Acceptance;
  /** Forms of ids that receipts taught, in their order. */
  readonly matched: MessageIdForm[];
  /** How many receipts became what. */
  readonly counted: Record<'matched' | 'parked' | 'intermediate', number>;
  /** Hands receipts over as the connectors do; resolves when the carrier may be told OK. */
  receive(...batch: CarrierReceipt[]): Promise<void>;
  /** Waits for what is in flight no longer than given. With zero it ends like a process that is killed. */
  stop(limitMs?: number): Promise<void>;
}

export async function startLine(parts: LineParts, loopback: LoopbackOptions): Promise<Line> {
  const { db, keyring, log, tariff } = parts;
  const own = parts.connectors ?? [new LoopbackConnector(loopback)];
  const connectors = new Map(own.map((connector) => [connector.id, connector]));
  const fleet = {
    connectors: () => [...connectors.values()],
    connector: (id: string) => connectors.get(id),
  } as unknown as CarrierFleet;
  const sending = await startSending({
    db,
    keyring,
    fleet,
    tariff: () => tariff,
    log,
    pollMs: 20,
    ...parts.sending,
  });
  const acceptance = startAcceptance({
    db,
    keyring,
    tariff: () => tariff,
    restrictions: UNRESTRICTED,
    handoff: sending.handoff,
    ...parts.acceptance,
  });
  const matched: MessageIdForm[] = [];
  const counted = { matched: 0, parked: 0, intermediate: 0 };
  const receipts = startReceipts({
    db,
    keyring,
    untilFinal: parts.sending?.untilFinal ?? false,
    isPending: (connectorId, id) => sending.outcomes.isPending(connectorId, id),
    settled: () => sending.outcomes.settled(),
    recent: () => sending.outcomes.recent,
    onMatched: (_connectorId, form) => matched.push(form),
    onCounted: (outcome, count) => {
      counted[outcome] += count;
    },
  });
  let ended: Promise<void> | undefined;
  return {
    connector: own[0]!,
    connectors,
    sending,
    acceptance,
    matched,
    counted,
    receive: (...batch) => receipts(batch),
    stop: (limitMs = 0) => (ended ??= sending.stop(limitMs)),
  };
}
