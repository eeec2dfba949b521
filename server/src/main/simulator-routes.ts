// Development only: playing a phone, and scripting the simulated carrier. Mounted when the simulator runs in this
// process, and never in production, which refuses the simulator.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BodyOf } from '@sotto/contract';
import { setSimulatorBehaviour, simulateInbound } from '@sotto/contract/simulator';
import { type Behaviour, DEFAULT_BEHAVIOUR, type DisconnectRule, type Smsc } from '@sotto/simulator';
import { segment, UnsendableTextError } from '@sotto/text';
import { AppError } from '#platform/errors';
import { log } from '#platform/log';
import { type Call, inTransaction, type Route, reads } from '#platform/route';

export type SimulatedCarrier = Pick<Smsc, 'behaviour' | 'set' | 'inbound'>;

/** Routes over a running simulator. What the API cannot say stays as the simulator was started. */
export function simulatorRoutes(smsc: SimulatedCarrier): readonly Route[] {
  const { magicNumbers, replies, transceivers } = smsc.behaviour;
  return [
    // In a transaction for the sake of its Idempotency-Key alone: a repeated request plays the phone once.
    inTransaction(simulateInbound, async ({ body }: Call<typeof simulateInbound, unknown>) => {
      const segments = segmentsOf(body.text);
      const delivered = smsc.inbound({ from: digitsOf(body.from), to: digitsOf(body.to), text: body.text });
      // Answered by our own carrier role, maybe after a wait for its storage: the phone does not wait for that, but
      // it is told at once when no connector is bound to take the text.
      await Promise.race([delivered, nextTurn()]).catch((cause: unknown) => {
        throw new AppError('unavailable', {
          detail: 'No connector is bound to the simulated carrier.',
          retryable: true,
          retryAfterSeconds: 1,
          cause,
        });
      });
      delivered.catch((error: unknown) => log.warn('simulator.inbound_not_delivered', { error }));
      return { segments };
    }),
    reads(setSimulatorBehaviour, async ({ body }: Call<typeof setSimulatorBehaviour, unknown>) => {
      smsc.set({ ...behaviourOf(body), magicNumbers, replies, transceivers });
      return body;
    }),
  ];
}

/** Carriers write numbers as digits; short codes are digits anyway. */
function digitsOf(address: string): string {
  const digits = address.replace(/^\+/, '');
  if (/^\d+$/.test(digits)) return digits;
  throw new AppError('invalid_sender', { field: 'from', detail: 'A phone writes with a number.' });
}

function segmentsOf(text: string): number {
  try {
    return segment(text).parts.length;
  } catch (error) {
    if (!(error instanceof UnsendableTextError)) throw error;
    throw new AppError('text_too_long', { field: 'text' });
  }
}

type Wanted = BodyOf<typeof setSimulatorBehaviour>;

/** How many receipts are gathered to be sent in drawn order. */
const SHUFFLED_TOGETHER = 20;

/** The whole behaviour that a request describes; what it leaves out is a good day. Pure. */
export function behaviourOf(wanted: Wanted): Behaviour {
  const { receipts } = wanted;
  const sent = receipts.outcome === 'none' ? null : receipts.outcome;
  // The receipt's spelling is told by contrast: decimal against a hexadecimal answer, and the other way round.
  const spelling = receipts.id_form === 'hex' ? 'hex' : 'decimal';
  return {
    ...DEFAULT_BEHAVIOUR,
    latencyMs: wanted.latency_ms,
    partsPerSecond: wanted.parts_per_second_max === 0 ? null : wanted.parts_per_second_max,
    queueMax: wanted.queue_max === 0 ? null : wanted.queue_max,
    errors:
      wanted.submit_status === 0
        ? []
        : [{ status: wanted.submit_status, probability: wanted.submit_status_share }],
    responseId: receipts.id_form === 'decimal' ? 'hex' : 'decimal',
    blackHole: wanted.black_hole,
    disconnect: disconnectOf(wanted),
    receipts: {
      ...DEFAULT_BEHAVIOUR.receipts,
      send: sent === null ? 'never' : 'requested',
      state: sent ?? 'delivered',
      errorCode: sent === null || sent === 'delivered' ? '000' : '001',
      order: receipts.before_response ? 'before' : 'after',
      delayMs: receipts.delay_ms,
      copies: receipts.copies,
      shuffle: receipts.shuffled ? SHUFFLED_TOGETHER : 0,
      carriedBy: receipts.carried_in,
      textId: spelling,
      tlvId: spelling,
    },
  };
}

function disconnectOf(wanted: Wanted): DisconnectRule | null {
  const { disconnect_after_submits: submits, disconnect_at_octet: octetsSent } = wanted;
  if (submits !== null && octetsSent !== null) {
    throw new AppError('invalid_request', {
      field: 'disconnect_at_octet',
      detail: 'The connection is cut at one point: give one of the two.',
    });
  }
  if (submits !== null) return { when: { submits }, how: 'rst', times: 1 };
  return octetsSent === null ? null : { when: { octetsSent }, how: 'rst', times: 1 };
}
