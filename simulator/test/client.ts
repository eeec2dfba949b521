// A client of the simulated SMSC, bound and counting.
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  type BindMode,
  type ClientOptions,
  type ClientSession,
  connectSession,
  type DataSm,
  type DeliverSm,
  makePdu,
  type PduInput,
  parseReceipt,
  type Receipt,
  type RequestOutcome,
} from '@sotto/smpp';
import type { Smsc, SmscOptions } from '../smsc.ts';
import { startSmsc } from '../smsc.ts';

export interface TestClient {
  readonly session: ClientSession;
  /** Everything delivered, in order, answered with 0 unless the options answer otherwise. */
  readonly delivered: (DeliverSm | DataSm)[];
  /** The receipts among it. */
  readonly receipts: Receipt[];
  /** Submits and resolves with the outcome. */
  submit(destination: string, fields?: PduInput<'submit_sm'>): Promise<RequestOutcome>;
}

export async function bindClient(
  smsc: Smsc,
  mode: BindMode = 'transceiver',
  options: ClientOptions = {},
): Promise<TestClient> {
  const socket = connect(smsc.port, smsc.host);
  await once(socket, 'connect');
  const delivered: (DeliverSm | DataSm)[] = [];
  const receipts: Receipt[] = [];
  const session = connectSession(socket, {
    limits: { windowMax: 1_000 },
    onDeliver: (pdu, answer) => {
      delivered.push(pdu);
      const receipt = parseReceipt(pdu);
      if (receipt) receipts.push(receipt);
      answer(0);
    },
    ...options,
  });
  const bound = await session.bind({ mode, systemId: 'client', password: 'secret' });
  if (bound.kind !== 'bound') throw new Error(`the bind ended as ${JSON.stringify(bound)}`);
  return {
    session,
    delivered,
    receipts,
    submit: (destination, fields = {}) =>
      new Promise((resolve, reject) => {
        const pdu = makePdu('submit_sm', {
          source: 'SOTTO',
          sourceTon: 5,
          destination,
          destinationTon: 1,
          destinationNpi: 1,
          registeredDelivery: 1,
          message: Buffer.from('hello'),
          ...fields,
        });
        if (session.submit(pdu, resolve) === 0) reject(new Error('no room in the window'));
      }),
  };
}

/** Runs `story` against an SMSC of its own, which is gone afterwards whatever happens. */
export async function withSmsc(options: SmscOptions, story: (smsc: Smsc) => Promise<void>): Promise<void> {
  const smsc = await startSmsc({ seed: 1, ...options });
  try {
    await story(smsc);
  } finally {
    await smsc.stop('drop');
  }
}

/** [status, message id] of an answered submission. */
export function answerOf(outcome: RequestOutcome): [number, string] | string {
  return outcome.kind === 'response' ? [outcome.status, outcome.messageId] : outcome.kind;
}

/** Resolves when `condition` holds, looking after every turn of the event loop, for at most ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUp = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > giveUp) throw new Error('the condition never held');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
