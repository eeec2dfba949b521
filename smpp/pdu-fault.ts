// What can be wrong with octets from a peer, as values: nothing here is ever thrown across a socket.
import { commandName, RESPONSE_BIT } from './pdu-layouts.ts';

/**
 * A PDU whose frame was whole and whose body, or command, was not. The header is kept so that the right error can be
 * answered: the response of the command with status `answer`, or generic_nack where the command is unknown.
 */
export class PduFault {
  readonly command = 'fault';
  readonly commandId: number;
  readonly status: number;
  readonly sequence: number;
  /** The command_status to answer with. */
  readonly answer: number;
  /** Names the field and what is wrong with it; never quotes its value. */
  readonly reason: string;

  constructor(commandId: number, status: number, sequence: number, answer: number, reason: string) {
    this.commandId = commandId;
    this.status = status;
    this.sequence = sequence;
    this.answer = answer;
    this.reason = reason;
  }

  /** A response is never answered (SMPP 3.4 §3.2). */
  get isResponse(): boolean {
    return this.commandId >= RESPONSE_BIT;
  }

  /** The command id of the answer: the response of a known request, else generic_nack (SMPP 3.4 §4.3.1). */
  get answerId(): number {
    return commandName(this.commandId + RESPONSE_BIT) === undefined
      ? RESPONSE_BIT
      : this.commandId + RESPONSE_BIT;
  }
}

/**
 * command_length outside 16..limit: where the next PDU begins is unknown, so the stream is lost. Answer generic_nack
 * 0x02 and close (SMPP 3.4 §4.3).
 */
export interface FramingFault {
  readonly commandLength: number;
  readonly limit: number;
}

/** A value that does not fit its field. Thrown by encoding, before anything is written: a fault of the caller. */
export class FieldError extends RangeError {
  readonly field: string;
  /** The status a peer would answer for it. */
  readonly status: number;

  constructor(field: string, status: number, problem: string) {
    super(`${field} ${problem}`);
    this.name = 'FieldError';
    this.field = field;
    this.status = status;
  }
}
