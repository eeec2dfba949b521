// E-XFER, E-DPA, E-AD-RECIPIENT, and what recipients may be told at all.
import { ADEQUATE, DOMESTIC } from '../law/countries.ts';
import type { Policy, RecipientStatement } from '../model.ts';
import { BODY_CATEGORIES, type Category } from '../vocabulary/categories.ts';
import { ROLES_UNDER_CONTRACT } from '../vocabulary/recipients.ts';
import { type Check, type CheckContext, type Finding, lapse, refuse, warn } from './finding.ts';
import { isHeld, isNever } from './held.ts';

export const checkRecipients: Check = function* (policy, context) {
  for (const [key, recipient] of Object.entries(policy.recipients)) {
    yield* transfer(policy, key, recipient);
    yield* contract(key, recipient, context);
    yield* advertising(policy, key, recipient);
    yield* told(policy, key, recipient);
  }
  for (const [at, tracker] of policy.cookies.trackers.entries()) {
    if (policy.sharing.advertising === 'never' && tracker.purpose === 'marketing') {
      yield refuse(
        'E-AD-RECIPIENT',
        `cookies.trackers[${at}]`,
        `Advertising is promised away, and the tracker "${tracker.name}" serves marketing.`,
        'Remove the tracker, or the promise.',
      );
    }
  }
};

function* transfer(
  policy: Policy,
  key: string,
  { country, transfer: mechanism }: RecipientStatement,
): Generator<Finding> {
  const abroad = policy.policy.jurisdictions.filter(
    (each) => DOMESTIC[each] && !DOMESTIC[each].includes(country),
  );
  if (abroad.length === 0) return;
  const path = `recipients.${key}`;
  if (!mechanism) {
    yield refuse(
      'E-XFER',
      path,
      `${key} is in ${country}, a third country for ${abroad.join(', ')}, and nothing makes the transfer lawful.`,
      'Add "transfer" (GDPR Art. 44), or choose a recipient nearer by.',
    );
    return;
  }
  if (!policy.transfers.mechanism.includes(mechanism)) {
    yield refuse(
      'E-XFER',
      `${path}.transfer`,
      `The transfer to ${key} rests on ${mechanism}, which the section "transfers" does not list.`,
      'Add it to transfers.mechanism.',
    );
  }
  if (!policy.transfers.allowed.includes(country)) {
    yield refuse(
      'E-XFER',
      `${path}.country`,
      `${key} is in ${country}, which the section "transfers" does not allow.`,
      `Add ${country} to transfers.allowed.`,
    );
  }
  if (mechanism === 'adequacy' && country !== 'XX' && !ADEQUATE.includes(country)) {
    yield warn(
      'E-XFER',
      `${path}.transfer`,
      `No decision on adequacy is known here for ${country}.`,
      'Check it; standard contractual clauses may be what you have.',
    );
  }
}

function* contract(
  key: string,
  { role, dpa }: RecipientStatement,
  { now }: CheckContext,
): Generator<Finding> {
  const path = `recipients.${key}.dpa`;
  if (!dpa) {
    if (ROLES_UNDER_CONTRACT.includes(role)) {
      yield refuse(
        'E-DPA',
        path,
        `${key} is a ${role.replaceAll('_', ' ')} without a contract (GDPR Art. 26, 28).`,
        'Add "dpa: {ref, signed, expires}".',
      );
    }
  } else if (dpa.expires && dpa.expires < now) {
    yield lapse(
      'E-DPA',
      path,
      `The contract with ${key} expired on ${dpa.expires}.`,
      'Renew it, and write the new dates.',
    );
  } else if (!dpa.signed || dpa.signed > now) {
    yield lapse(
      'E-DPA',
      path,
      `Nobody has attested the contract with ${key}.`,
      'Add "signed": the day of signature.',
    );
  }
}

/** A processor may send our own notices; anybody else who serves marketing is an advertiser. */
function* advertising(
  policy: Policy,
  key: string,
  { role, purposes }: RecipientStatement,
): Generator<Finding> {
  const ours = role === 'processor' || role === 'sub_processor';
  if (policy.sharing.advertising !== 'never' || !purposes.includes('marketing') || ours) return;
  yield refuse(
    'E-AD-RECIPIENT',
    `recipients.${key}.purposes`,
    `Advertising is promised away, and ${key} receives data for marketing of its own.`,
    'Remove the recipient or the purpose, or the promise.',
  );
}

function* told(policy: Policy, key: string, recipient: RecipientStatement): Generator<Finding> {
  const path = `recipients.${key}`;
  for (const [at, category] of recipient.categories.entries()) {
    const place = `${path}.categories[${at}]`;
    if (isNever(policy, category)) {
      yield refuse(
        'E-CONTRADICTION',
        place,
        `${key} receives ${category}, which is never held.`,
        'Remove it here, or there.',
      );
    } else if (!isHeld(policy, category) && category !== 'system.operations' && !isBody(category)) {
      yield refuse(
        'E-CONTRADICTION',
        place,
        `${key} receives ${category}, which "data" does not list.`,
        `Add ${category} to "data".`,
      );
    }
  }
  for (const [at, purpose] of recipient.purposes.entries()) {
    if (policy.purposes[purpose]) continue;
    yield refuse(
      'E-CONTRADICTION',
      `${path}.purposes[${at}]`,
      `${key} receives data for ${purpose}, which "purposes" does not list.`,
      `Add ${purpose} to "purposes".`,
    );
  }
  if (!recipient.categories.some(isBody)) return;
  const processes = recipient.role === 'processor' || recipient.role === 'sub_processor';
  const { inbound, outbound } = policy.messages;
  const handed = [...inbound.body.recipients, ...outbound.body.recipients].includes(key);
  if (!handed && !(processes && recipient.upstream_retention)) {
    yield refuse(
      'E-CONTRADICTION',
      `${path}.categories`,
      `${key} receives texts, and neither direction of "messages" hands it any.`,
      'List it in messages.*.body.recipients, or remove the texts here.',
    );
  }
  if (processes && !recipient.upstream_retention) {
    yield refuse(
      'E-RET-UNBOUNDED',
      path,
      `It is not said how long ${key} keeps texts.`,
      'Add "upstream_retention": what its contract says.',
    );
  }
}

const isBody = (category: Category): boolean => (BODY_CATEGORIES as readonly Category[]).includes(category);
