// Under which heading of the page an obligation stands.
import type { Bound, GateObligation, Limit, Obligation, Prohibition, Requirement } from '../model.ts';
import type { SectionKey } from './page.ts';

export function sectionOf(obligation: Obligation): SectionKey {
  switch (obligation.kind) {
    case 'PROHIBIT':
      return OF_PROHIBITION[obligation.what.type];
    case 'BOUND':
      return OF_BOUND[obligation.what.type];
    case 'LIMIT':
      return OF_LIMIT[obligation.what.type];
    case 'DISCLOSE':
      return 'recipients';
    case 'REQUIRE':
      return OF_REQUIREMENT[obligation.capability.type];
    case 'DEADLINE':
      return OF_DEADLINE[obligation.event];
    case 'GATE':
      return OF_GATE[obligation.condition.type];
    case 'ATTEST':
      return obligation.what.type === 'control' ? 'security' : 'recipients';
  }
}

type Placement<K extends string> = Readonly<Record<K, SectionKey>>;

const OF_PROHIBITION: Placement<Prohibition['what']['type']> = {
  category: 'data',
  body: 'messages',
  body_search: 'messages',
  sale: 'sharing',
  advertising: 'sharing',
  cookies: 'cookies',
  keys_in_backups: 'security',
};

const OF_BOUND: Placement<Bound['what']['type']> = {
  retention: 'retention',
  body: 'messages',
  metadata: 'messages',
  counterparty: 'messages',
  inactivity: 'account',
  backup: 'retention',
  key_backup: 'retention',
  cookie: 'cookies',
  upstream: 'recipients',
};

const OF_LIMIT: Placement<Limit['what']['type']> = {
  category: 'data',
  body: 'messages',
  purpose: 'purposes',
  transfers: 'recipients',
};

const OF_REQUIREMENT: Placement<Requirement['capability']['type']> = {
  controller: 'controller',
  jurisdictions: 'controller',
  languages: 'controller',
  subjects: 'controller',
  right: 'rights',
  identity_check: 'rights',
  in_transit: 'security',
  at_rest: 'security',
  passwords: 'security',
  access: 'security',
  monitoring: 'security',
  audit_chain: 'security',
  backups_encrypted: 'security',
  restore_replays_erasures: 'security',
  log_fields: 'security',
  cookie: 'cookies',
  tracker: 'cookies',
  consent_receipts: 'consent',
  gpc: 'consent',
  acceptance: 'consent',
  legal_request_register: 'sharing',
  sharing_exception: 'sharing',
  breach_register: 'incidents',
  breach_notice: 'incidents',
  change_notice: 'changes',
  history: 'changes',
  identity: 'account',
  self_service_deletion: 'account',
  balance_on_deletion: 'account',
  kept_after_deletion: 'account',
  evidence: 'evidence',
};

const OF_DEADLINE: Placement<Extract<Obligation, { kind: 'DEADLINE' }>['event']> = {
  right_requested: 'rights',
  first_reply: 'rights',
  deletion_requested: 'account',
  child_discovered: 'consent',
  breach_known: 'incidents',
  material_change: 'changes',
  probe_run: 'evidence',
  backup_drill: 'security',
  subscription_cancelled: 'account',
  consent_reasked: 'consent',
};

const OF_GATE: Placement<GateObligation['condition']['type']> = {
  age: 'consent',
  consent: 'consent',
  explicit: 'consent',
  sale: 'sharing',
  advertising: 'sharing',
  feature: 'recipients',
};
