// What an answer of a message centre means for the part (SMPP 3.4 §5.1.3).
import { type RequestOutcome, STATUS, type StatusClass, statusClass, statusName } from '@sotto/smpp';
import type { PartOutcome, RefusalSeverity } from '../port.ts';

const NOT_SENT: PartOutcome = Object.freeze({ kind: 'not_sent' });
const TIMEOUT: PartOutcome = Object.freeze({ kind: 'unknown', reason: 'timeout' });
const LOST: PartOutcome = Object.freeze({ kind: 'unknown', reason: 'lost' });

/** A connector's own meaning of statuses, before the standard's. */
export class StatusTable {
  readonly #own = new Map<number, StatusClass>();

  constructor(settings: {
    readonly permanentStatuses: readonly number[];
    readonly temporaryStatuses: readonly number[];
    readonly throttlingStatuses: readonly number[];
  }) {
    for (const status of settings.permanentStatuses) this.#own.set(status, 'permanent');
    for (const status of settings.temporaryStatuses) this.#own.set(status, 'temporary');
    for (const status of settings.throttlingStatuses) this.#own.set(status, 'throttle');
  }

  classOf(status: number): StatusClass {
    return this.#own.get(status) ?? statusClass(status);
  }

  /**
   * A code nobody has explained is temporary: trying again is bounded and harmless, for the message is certainly not
   * there, while giving up on it would lose messages to a carrier's private code for "busy".
   */
  severityOf(status: number): RefusalSeverity {
    const kind = this.classOf(status);
    if (kind === 'throttle') return 'throttled';
    return kind === 'permanent' ? 'permanent' : 'temporary';
  }
}

/** What a carrier that answered can have meant. */
export type Answered = Extract<PartOutcome, { kind: 'accepted' | 'refused' }>;

/** The meaning of an answer, by its command. generic_nack never accepts: with status 0 it still says "not taken". */
export function answerOf(
  command: 'submit_sm_resp' | 'generic_nack',
  status: number,
  messageId: string,
  table: StatusTable,
): Answered {
  if (command === 'submit_sm_resp' && status === STATUS.ROK)
    return { kind: 'accepted', carrierMessageId: messageId };
  const severity = status === STATUS.ROK ? 'temporary' : table.severityOf(status);
  return { kind: 'refused', status, errorCode: statusName(status), severity };
}

/** The outcome of the part whose submit_sm ended so. */
export function outcomeOf(ended: RequestOutcome, table: StatusTable): PartOutcome {
  switch (ended.kind) {
    case 'response':
      return answerOf('submit_sm_resp', ended.status, ended.messageId, table);
    case 'nack':
      return answerOf('generic_nack', ended.status, '', table);
    case 'timeout':
      return TIMEOUT;
    case 'lost':
      return ended.written ? LOST : NOT_SENT;
  }
}
