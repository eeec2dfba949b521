// How required capabilities compare. Words of a scale are ranked; the higher promises more.
import { mayExceed } from '../duration.ts';
import type { AttestObligation, Requirement } from '../model.ts';
import { addedTo, harmless, lesser, notable, type Verdict, worse } from './change.ts';

type Capability = Requirement['capability'];
type Of<T extends Capability['type']> = Extract<Capability, { readonly type: T }>;

const SCALES = {
  scope: ['marketing', 'where_applicable', 'subject_to_law', 'everything'],
  in_transit: ['tls12_or_better', 'tls13'],
  at_rest: ['volume', 'per_account_dek'],
  passwords: ['argon2id', 'none_held'],
  need_to_know: ['role_only', 'reason', 'ticket'],
  break_glass: ['logged', 'forbidden'],
  publish: ['none', 'summary', 'full'],
  sign: ['none', 'ed25519'],
  approval: ['one_person', 'two_person'],
  history: ['on_request', 'public'],
  breach_notice: ['high_risk', 'always'],
  balance: ['forfeit', 'block', 'refund'],
  acceptance: ['by_use', 'explicit'],
} as const;

function* onScale(
  scale: readonly string[],
  before: string,
  after: string,
  lower: (reason: string) => Verdict = lesser,
): Generator<Verdict> {
  if (before === after) return;
  const reason = `${after}, and was ${before}`;
  yield scale.indexOf(after) < scale.indexOf(before) ? lower(reason) : harmless(reason);
}

function* onList(
  before: readonly string[],
  after: readonly string[],
  moreIsBetter: boolean,
  what: string,
): Generator<Verdict> {
  const [more, less] = [addedTo(before, after), addedTo(after, before)];
  if (more.length > 0) {
    const reason = `new ${what}: ${more.join(', ')}`;
    yield moreIsBetter ? harmless(reason) : worse(reason);
  }
  if (less.length > 0) {
    const reason = `no longer ${what}: ${less.join(', ')}`;
    yield moreIsBetter ? worse(reason) : harmless(reason);
  }
}

export function* compareRequirements(before: Requirement, after: Requirement): Generator<Verdict> {
  const [was, is] = [before.capability, after.capability];
  if (was.type !== is.type) return;
  switch (is.type) {
    case 'right': {
      const former = was as Of<'right'>;
      yield* onScale(SCALES.scope, former.scope, is.scope, worse);
      yield* onList(former.channels, is.channels, true, 'a channel');
      yield* onList(former.formats ?? [], is.formats ?? [], true, 'a format');
      return;
    }
    case 'in_transit':
      return yield* onScale(SCALES.in_transit, (was as Of<'in_transit'>).scheme, is.scheme);
    case 'at_rest': {
      const former = was as Of<'at_rest'>;
      yield* onScale(SCALES.at_rest, former.scheme, is.scheme, worse);
      yield* onList(former.scope, is.scope, true, 'encrypted');
      return;
    }
    case 'passwords':
      return yield* onScale(SCALES.passwords, (was as Of<'passwords'>).scheme, is.scheme);
    case 'access': {
      const former = was as Of<'access'>;
      yield* onScale(SCALES.need_to_know, former.need_to_know, is.need_to_know);
      yield* onScale(SCALES.break_glass, former.break_glass, is.break_glass);
      return;
    }
    case 'log_fields': {
      const former = was as Of<'log_fields'>;
      yield* onList(former.fields, is.fields, false, 'log field');
      if (former.retention !== is.retention) yield worse(`logs are kept under the rule ${is.retention}`);
      return;
    }
    case 'cookie': {
      const former = (was as Of<'cookie'>).cookie;
      if (former.essential && !is.cookie.essential) yield worse('the cookie is not essential any more');
      if (former.purpose !== is.cookie.purpose) yield worse(`the cookie serves ${is.cookie.purpose}`);
      return;
    }
    case 'tracker': {
      const former = (was as Of<'tracker'>).tracker;
      if (JSON.stringify(former) !== JSON.stringify(is.tracker)) yield worse('the tracker changed');
      return;
    }
    case 'acceptance':
      return yield* onScale(SCALES.acceptance, (was as Of<'acceptance'>).mode, is.mode);
    case 'legal_request_register':
      if ((was as Of<'legal_request_register'>).basis !== is.basis) yield notable(`rests on ${is.basis}`);
      return yield* onScale(SCALES.approval, (was as Of<'legal_request_register'>).approval, is.approval);
    case 'sharing_exception':
      if (JSON.stringify((was as Of<'sharing_exception'>).exception) !== JSON.stringify(is.exception)) {
        yield worse('the terms of the exception changed');
      }
      return;
    case 'change_notice':
      return yield* onList((was as Of<'change_notice'>).notice, is.notice, true, 'a way of notice');
    case 'audit_chain':
      if ((was as Of<'audit_chain'>).retention !== is.retention)
        yield lesser(`kept under the rule ${is.retention}`);
      return;
    case 'gpc':
      return yield* onScale(['hide', 'show'], (was as Of<'gpc'>).status, is.status);
    case 'history':
      return yield* onScale(SCALES.history, (was as Of<'history'>).history, is.history);
    case 'balance_on_deletion':
      return yield* onScale(SCALES.balance, (was as Of<'balance_on_deletion'>).balance, is.balance, worse);
    case 'evidence': {
      const former = was as Of<'evidence'>;
      yield* onScale(SCALES.publish, former.publish, is.publish);
      yield* onScale(SCALES.sign, former.sign, is.sign);
      return;
    }
    case 'subjects':
      return yield* onList((was as Of<'subjects'>).subjects, is.subjects, true, 'covered');
    case 'jurisdictions':
      return yield* onList(
        (was as Of<'jurisdictions'>).jurisdictions,
        is.jurisdictions,
        true,
        'a jurisdiction',
      );
    case 'languages':
      if ((was as Of<'languages'>).languages.join() !== is.languages.join())
        yield harmless('other languages');
      return;
    case 'identity':
      return yield* onList((was as Of<'identity'>).identity, is.identity, false, 'way to be known');
    case 'kept_after_deletion':
      return yield* onList((was as Of<'kept_after_deletion'>).keys, is.keys, false, 'kept after deletion');
    case 'breach_notice':
      return yield* onScale(SCALES.breach_notice, (was as Of<'breach_notice'>).when, is.when);
    case 'identity_check':
      if ((was as Of<'identity_check'>).level !== is.level) yield notable(`identity is shown by ${is.level}`);
      yield* onScale(['minimal', 'none'], (was as Of<'identity_check'>).max_extra_data, is.max_extra_data);
      return;
    case 'controller':
    case 'monitoring':
    case 'backups_encrypted':
    case 'restore_replays_erasures':
    case 'consent_receipts':
    case 'breach_register':
    case 'self_service_deletion':
      return;
  }
}

/** A new confirmation is no change of the promise; another contract is. */
export function* compareAttestations(before: AttestObligation, after: AttestObligation): Generator<Verdict> {
  const [was, is] = [before.what, after.what];
  if (was.type === 'contract' && is.type === 'contract' && was.ref !== is.ref)
    yield harmless('another contract');
  if (was.type === 'transfer' && is.type === 'transfer' && was.mechanism !== is.mechanism) {
    yield notable(`the transfer rests on ${is.mechanism}`);
  }
  if (was.type === 'control' && is.type === 'control' && was.owner !== is.owner)
    yield harmless('another owner');
  if (was.type === 'control' && is.type === 'control' && was.every !== is.every) {
    yield mayExceed(is.every, was.every)
      ? lesser(`confirmed every ${is.every}`)
      : harmless(`confirmed every ${is.every}`);
  }
  if (before.last !== after.last || before.expires !== after.expires)
    yield harmless('confirmed at another date');
}
