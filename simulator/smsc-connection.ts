// One client connection of the simulated SMSC: binds, takes submissions, answers and plans receipts.
import type { Socket } from 'node:net';
import {
  type BindRequest,
  type DataSm,
  messageOctets,
  type ServerSession,
  STATUS,
  type SubmitAnswer,
  type SubmitSm,
  serveSession,
} from '@sotto/smpp';
import { drawMs } from './behaviour.ts';
import { receivedText } from './handset.ts';
import { spellId } from './message-ids.ts';
import { type Accepted, excerptOf, queueReceipt } from './receipt-sender.ts';
import type { SmscState } from './smsc-state.ts';
import { SocketFaults } from './socket-faults.ts';
import type { PlannedReceipt, SubmissionPlan } from './submission-plan.ts';
import { bodyDigest } from './truth-log.ts';

/** An early receipt gets this much of a start, for it may travel over another connection than the answer. */
const EARLY_MS = 20;
const ADDRESS_CHARACTERS_MAX = 20;
const ECHO_CHARACTERS_MAX = 1_000;

export class SmscConnection {
  readonly number: number;
  readonly session: ServerSession;
  readonly #smsc: SmscState;
  readonly #faults: SocketFaults;
  #systemId = '';
  /** Answers withheld until the connection is ended by rule. */
  #open = 0;

  constructor(smsc: SmscState, socket: Socket, number: number) {
    this.#smsc = smsc;
    this.number = number;
    smsc.counts.connections++;
    smsc.log?.write({ event: 'connect', at: Date.now(), connection: number });
    this.#faults = new SocketFaults(socket, () => smsc.behaviour, smsc);
    this.session = serveSession(socket, {
      systemId: smsc.options.systemId,
      version: smsc.options.version,
      limits: {
        windowMax: smsc.options.receiptWindow,
        inboundWindowMax: smsc.options.window,
        ...smsc.options.limits,
      },
      onBind: (request) => this.#decideBind(request),
      onBound: (request) => this.#bound(request),
      onSubmit: (pdu, answer) => this.#submitted(pdu, answer),
      onData: (pdu, answer) => this.#submitted(pdu, answer),
      onWindow: () => smsc.queueOf(this.#systemId).pump(),
      onClose: (reason) => this.#closed(reason.kind),
      onEvent: (event) => {
        if (event.kind === 'handler_error') throw event.error;
      },
    });
    this.#faults.onEnd((how) => {
      if (how === 'rst') this.session.close('reset by rule');
      else this.session.end('ended by rule');
    });
  }

  /** Ends the connection as a rule would. */
  disconnect(how: 'fin' | 'rst'): void {
    this.#faults.endNow(how);
  }

  #decideBind(request: BindRequest): number | Promise<number> {
    const smsc = this.#smsc;
    const { behaviour } = smsc;
    const status = this.#bindStatus(request);
    const { systemId, mode } = request;
    smsc.log?.write({ event: 'bind', at: Date.now(), connection: this.number, systemId, mode, status });
    const latencyMs = drawMs(behaviour.bindLatencyMs, smsc.random);
    if (latencyMs <= 0) return status;
    return new Promise((resolve) => smsc.due.after(latencyMs, () => resolve(status)));
  }

  #bindStatus(request: BindRequest): number {
    const { behaviour, options } = this.#smsc;
    if (behaviour.bindStatus !== 0) return behaviour.bindStatus;
    if (request.mode === 'transceiver' && !behaviour.transceivers) return STATUS.RBINDFAIL;
    if (options.accounts === null) return 0;
    const password = options.accounts[request.systemId];
    if (password === undefined) return STATUS.RINVSYSID;
    return password === request.password ? 0 : STATUS.RINVPASWD;
  }

  #bound(request: BindRequest): void {
    this.#systemId = request.systemId;
    this.#smsc.counts.binds++;
    if (request.mode !== 'transmitter')
      this.#smsc.queueOf(request.systemId).bind({ connection: this.number, session: this.session });
  }

  #closed(reason: string): void {
    this.#smsc.queueOf(this.#systemId).unbind(this.number);
    this.#smsc.log?.write({ event: 'close', at: Date.now(), connection: this.number, reason });
    this.#smsc.connections.delete(this);
  }

  #submitted(pdu: SubmitSm | DataSm, answer: SubmitAnswer): void {
    const smsc = this.#smsc;
    smsc.counts.submits++;
    this.#logSubmit(pdu);
    if (pdu.source.length > ADDRESS_CHARACTERS_MAX || pdu.destination.length > ADDRESS_CHARACTERS_MAX) {
      // data_sm allows 64 characters, of which no receipt in deliver_sm could speak.
      this.#open++;
      this.#answerLater(pdu, 0, answer, STATUS.RINVDSTADR, '');
      return;
    }
    const plan = smsc.planner.plan(
      smsc.behaviour,
      pdu.destination,
      pdu.registeredDelivery,
      smsc.counts.receiptsPending,
      performance.now(),
      () => receivedText(pdu).text,
    );
    this.#open++;
    const accepted = plan.status === 0 ? this.#accept(pdu, plan) : null;
    const withheld = this.#faults.withholds;
    this.#faults.submitted(this.#open);
    if (accepted === null) {
      if (plan.answered && !withheld) this.#answerLater(pdu, plan.latencyMs, answer, plan.status, '');
      return;
    }
    const early = plan.receipts.filter((receipt) => receipt.order === 'before');
    for (const receipt of early) this.#planReceipt(accepted, receipt);
    const latencyMs = early.length > 0 ? Math.max(plan.latencyMs, EARLY_MS) : plan.latencyMs;
    if (plan.answered && !withheld) this.#answerLater(pdu, latencyMs, answer, 0, accepted.messageId);
    if (plan.receipts.length > early.length || plan.reply !== null)
      smsc.due.after(latencyMs, () => {
        for (const receipt of plan.receipts)
          if (receipt.order === 'after') this.#planReceipt(accepted, receipt);
        this.#reply(accepted, plan);
      });
  }

  #accept(pdu: SubmitSm | DataSm, plan: SubmissionPlan): Accepted {
    const smsc = this.#smsc;
    smsc.counts.receiptsPending += plan.receipts.length;
    return {
      messageId: smsc.ids.next(),
      systemId: this.#systemId,
      pdu,
      excerpt: plan.receipts.length > 0 && smsc.behaviour.receipts.excerpt ? excerptOf(pdu) : '',
      submittedAtMs: Date.now(),
    };
  }

  #answerLater(
    pdu: SubmitSm | DataSm,
    latencyMs: number,
    answer: SubmitAnswer,
    status: number,
    messageId: string,
  ): void {
    const smsc = this.#smsc;
    smsc.due.after(latencyMs, () => {
      this.#open--;
      const spelled = status === 0 ? spellId(messageId, smsc.behaviour.responseId) : '';
      const sent = answer(status, spelled);
      if (!sent) smsc.counts.unanswered++;
      if (status === 0) smsc.counts.accepted++;
      else {
        smsc.counts.refused++;
        smsc.counts.refusedByStatus[status] = (smsc.counts.refusedByStatus[status] ?? 0) + 1;
      }
      const { sequence } = pdu;
      smsc.log?.write({
        event: 'answer',
        at: Date.now(),
        connection: this.number,
        sequence,
        status,
        messageId: spelled,
        sent,
      });
    });
  }

  #planReceipt(accepted: Accepted, planned: PlannedReceipt): void {
    this.#smsc.due.after(planned.delayMs, () =>
      this.#smsc.gather(() => queueReceipt(this.#smsc, accepted, planned)),
    );
  }

  #reply(accepted: Accepted, plan: SubmissionPlan): void {
    if (plan.reply === null) return;
    const { pdu, systemId } = accepted;
    const received = receivedText(pdu);
    // A message of several parts is answered once.
    if (received.part !== 1) return;
    const echo = received.text.toWellFormed().slice(0, ECHO_CHARACTERS_MAX);
    const text = plan.reply.text === 'echo' ? echo : plan.reply.text;
    this.#smsc.due.after(plan.reply.delayMs, () => {
      this.#smsc.inbound({ from: pdu.destination, to: pdu.source, text, systemId });
    });
  }

  #logSubmit(pdu: SubmitSm | DataSm): void {
    const { log } = this.#smsc;
    if (log === null) return;
    const octets = messageOctets(pdu);
    log.write({
      event: 'submit',
      at: Date.now(),
      connection: this.number,
      sequence: pdu.sequence,
      source: pdu.source,
      destination: pdu.destination,
      esmClass: pdu.esmClass,
      registeredDelivery: pdu.registeredDelivery,
      dataCoding: pdu.dataCoding,
      octets: octets.length,
      ...(log.body !== 'none' && { digest: bodyDigest(octets) }),
      ...(log.body === 'full' && { body: Buffer.from(octets).toString('hex') }),
    });
  }
}
