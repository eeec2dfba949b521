// Obligations of `cookies`, `security`, `logs`, `breach`, `changes` and `verification`.
import type { Attestation, AttestObligation, Obligation, Policy, Requirement } from '../model.ts';
import { LOG_CLASSES } from '../vocabulary/security.ts';
import { dayAfter } from './day-after.ts';

export function safeguardObligations(policy: Policy): readonly Obligation[] {
  return [...cookies(policy), ...security(policy), ...logs(policy), ...conduct(policy)];
}

const require = (
  id: string,
  path: string,
  assurance: Requirement['assurance'],
  capability: Requirement['capability'],
): Requirement => ({ kind: 'REQUIRE', id: `require:${id}`, path, assurance, capability });

function* cookies({ cookies: { promise, list, trackers } }: Policy): Generator<Obligation> {
  if (promise === 'none') {
    yield {
      kind: 'PROHIBIT',
      id: 'prohibit:cookies',
      path: 'cookies',
      assurance: 'verified',
      what: { type: 'cookies' },
    };
  }
  for (const [at, cookie] of list.entries()) {
    yield require(`cookie:${cookie.name}`, `cookies.list[${at}]`, 'verified', { type: 'cookie', cookie });
    yield {
      kind: 'BOUND',
      id: `bound:cookie:${cookie.name}`,
      path: `cookies.list[${at}].ttl`,
      assurance: 'verified',
      what: { type: 'cookie', name: cookie.name },
      duration: cookie.ttl,
      from: 'created',
      then: 'erase',
    };
  }
  for (const [at, tracker] of trackers.entries()) {
    yield require(`tracker:${tracker.name}`, `cookies.trackers[${at}]`, 'verified', {
      type: 'tracker',
      tracker,
    });
  }
}

function* security({ security: said }: Policy): Generator<Obligation> {
  const { in_transit, at_rest, passwords, access, monitoring, audit, attestations } = said;
  yield require('in_transit', 'security.in_transit', 'enforced', { type: 'in_transit', scheme: in_transit });
  // Sealing is the application's own; encryption of the volume below it is the operator's word.
  yield require('at_rest', 'security.at_rest', at_rest.scheme === 'volume' ? 'attested' : 'enforced', {
    type: 'at_rest',
    ...at_rest,
  });
  yield require('passwords', 'security.passwords', 'enforced', { type: 'passwords', scheme: passwords });
  if (access.rbac) {
    yield require('access', 'security.access', 'enforced', {
      type: 'access',
      need_to_know: access.need_to_know,
      break_glass: access.break_glass,
    });
  }
  if (monitoring) yield require('monitoring', 'security.monitoring', 'verified', { type: 'monitoring' });
  if (audit.chain)
    yield require('audit_chain', 'security.audit', 'verified', {
      type: 'audit_chain',
      retention: audit.retention,
    });
  for (const [at, attestation] of attestations.entries()) yield attest(attestation, at);
}

function attest({ control, owner, last, every }: Attestation, at: number): AttestObligation {
  return {
    kind: 'ATTEST',
    id: `attest:control:${control}`,
    path: `security.attestations[${at}]`,
    assurance: 'attested',
    what: { type: 'control', control, owner, every },
    ...(last ? { last, expires: dayAfter(last, every) } : {}),
  };
}

function* logs({ logs: { classes } }: Policy): Generator<Obligation> {
  for (const log of LOG_CLASSES) {
    const said = classes[log];
    if (!said) continue;
    yield require(`log:${log}`, `logs.classes.${log}`, 'enforced', {
      type: 'log_fields',
      log,
      fields: said.fields,
      retention: said.retention,
    });
  }
}

function* conduct({ breach, changes, verification }: Policy): Generator<Obligation> {
  yield {
    kind: 'DEADLINE',
    id: 'deadline:breach',
    path: 'breach.notify_authority_within',
    assurance: 'verified',
    event: 'breach_known',
    within: breach.notify_authority_within,
    calendar: 'every_day',
  };
  yield require('breach_notice', 'breach.notify_users_when', 'attested', {
    type: 'breach_notice',
    when: breach.notify_users_when,
  });
  if (breach.register) {
    yield require('breach_register', 'breach.register', 'enforced', { type: 'breach_register' });
  }
  yield require('change_notice', 'changes.notice', 'enforced', {
    type: 'change_notice',
    notice: changes.notice,
  });
  if (changes.material_notice_before) {
    yield {
      kind: 'DEADLINE',
      id: 'deadline:material_change',
      path: 'changes.material_notice_before',
      assurance: 'enforced',
      event: 'material_change',
      within: changes.material_notice_before,
      calendar: 'every_day',
    };
  }
  yield require('history', 'changes.history', 'enforced', { type: 'history', history: changes.history });
  yield {
    kind: 'DEADLINE',
    id: 'deadline:probe_run',
    path: 'verification.every',
    assurance: 'verified',
    event: 'probe_run',
    within: verification.every,
    calendar: 'every_day',
  };
  yield require('evidence', 'verification', 'verified', {
    type: 'evidence',
    publish: verification.publish,
    sign: verification.sign,
  });
}
