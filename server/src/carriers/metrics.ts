// What carriers count. Labels are the operator's connector names and closed sets; never a number or an id.
import { bounded, counter, gauge } from '#platform/metrics';
import type { PartOutcome } from './port.ts';

const connector = bounded(100);

const submits = counter({
  name: 'sotto_carriers_submitted_parts_total',
  help: 'Parts by how their submission ended',
  labels: {
    connector,
    outcome: ['accepted', 'refused', 'deferred', 'throttled', 'timeout', 'lost', 'not_sent'],
  },
});
const deliveries = counter({
  name: 'sotto_carriers_deliveries_total',
  help: 'What carriers delivered, by kind',
  labels: { connector, kind: ['receipt', 'inbound', 'ignored'] },
});
const unstored = counter({
  name: 'sotto_carriers_unstored_deliveries_total',
  help: 'Deliveries that could not be stored and were answered "again, please"',
  labels: { kind: ['receipt', 'inbound'] },
});
const binds = counter({
  name: 'sotto_carriers_binds_total',
  help: 'Attempts to bind by result, and sessions that ended',
  labels: { connector, event: ['bound', 'failed', 'ended'] },
});
const faults = counter({
  name: 'sotto_carriers_protocol_faults_total',
  help: 'Unreadable PDUs, lost framing, unanswered enquire_links, answers to nothing',
  labels: { connector, fault: ['pdu', 'framing', 'enquire_link', 'late_answer', 'handler'] },
});
const bound = gauge({
  name: 'sotto_carriers_bound_connections',
  help: 'Binds of this process that are bound',
  labels: { connector },
});
const windowUse = gauge({
  name: 'sotto_carriers_window_ratio',
  help: 'Submissions without an answer as a share of the window of all bound binds',
  labels: { connector },
});
const partRate = gauge({
  name: 'sotto_carriers_allowed_parts',
  help: 'Parts a second the connector allows itself; -1 without a limit',
  labels: { connector },
});

/** The counters of one connector, looked up once. */
export function connectorCounters(name: string) {
  const outcome = (
    word: 'accepted' | 'refused' | 'deferred' | 'throttled' | 'timeout' | 'lost' | 'not_sent',
  ) => submits.of({ connector: name, outcome: word });
  const delivery = (kind: 'receipt' | 'inbound' | 'ignored') => deliveries.of({ connector: name, kind });
  const bind = (event: 'bound' | 'failed' | 'ended') => binds.of({ connector: name, event });
  const fault = (word: 'pdu' | 'framing' | 'enquire_link' | 'late_answer' | 'handler') =>
    faults.of({ connector: name, fault: word });
  return {
    accepted: outcome('accepted'),
    refused: outcome('refused'),
    deferred: outcome('deferred'),
    throttled: outcome('throttled'),
    timeout: outcome('timeout'),
    lost: outcome('lost'),
    notSent: outcome('not_sent'),
    receipt: delivery('receipt'),
    inbound: delivery('inbound'),
    ignored: delivery('ignored'),
    bound: bind('bound'),
    bindFailed: bind('failed'),
    ended: bind('ended'),
    pduFault: fault('pdu'),
    framingFault: fault('framing'),
    enquireLink: fault('enquire_link'),
    lateAnswer: fault('late_answer'),
    handlerFault: fault('handler'),
  };
}
export type ConnectorCounters = ReturnType<typeof connectorCounters>;

/** Counts how the submission of one part ended. */
export function countOutcome(counters: ConnectorCounters, outcome: PartOutcome): void {
  switch (outcome.kind) {
    case 'accepted':
      counters.accepted.add();
      break;
    case 'refused':
      if (outcome.severity === 'permanent') counters.refused.add();
      else if (outcome.severity === 'throttled') counters.throttled.add();
      else counters.deferred.add();
      break;
    case 'unknown':
      if (outcome.reason === 'timeout') counters.timeout.add();
      else counters.lost.add();
      break;
    case 'not_sent':
      counters.notSent.add();
  }
}

/** Counts deliveries that will come again because the sink failed. */
export const countUnstored = (kind: 'receipt' | 'inbound', items: number): void =>
  unstored.add(items, { kind });

/** Publishes how a connector stands. */
export function publishHealth(
  name: string,
  health: {
    readonly bindsBound: number;
    readonly windowUsed: number;
    readonly windowMax: number;
    readonly partsPerSecondLimit: number | null;
  },
): void {
  bound.set(health.bindsBound, { connector: name });
  windowUse.set(health.windowMax === 0 ? 0 : health.windowUsed / health.windowMax, { connector: name });
  partRate.set(health.partsPerSecondLimit ?? -1, { connector: name });
}
