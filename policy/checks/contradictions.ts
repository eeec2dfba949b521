// E-CONTRADICTION: statements of different sections that cannot both be kept.
import { exceeds, mayExceed } from '../duration.ts';
import type { Direction, Policy } from '../model.ts';
import { boundOf } from '../obligations/messages.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Identity } from '../vocabulary/people.ts';
import type { LogField } from '../vocabulary/security.ts';
import { LOG_CLASSES } from '../vocabulary/security.ts';
import { type Check, type Finding, refuse } from './finding.ts';
import { isHeld, isNever } from './held.ts';

export const checkContradictions: Check = function* (policy) {
  yield* bodies(policy, 'inbound');
  yield* bodies(policy, 'outbound');
  yield* identities(policy);
  yield* inactivity(policy);
  yield* cookies(policy);
  yield* logs(policy);
  if (!policy.transfers.encrypted) {
    yield refuse(
      'E-CONTRADICTION',
      'transfers.encrypted',
      `Every link is encrypted (${policy.security.in_transit}), and transfers are not.`,
      'Write "encrypted: true".',
    );
  }
  if (policy.security.passwords === 'argon2id' && isNever(policy, 'user.authorization.password')) {
    yield refuse(
      'E-CONTRADICTION',
      'security.passwords',
      'Passwords are hashed, and "data" says that none are ever held.',
      'Write "passwords: none_held".',
    );
  }
};

const BODY: Category = 'user.content.private.sms_body';

function* bodies(policy: Policy, direction: Direction): Generator<Finding> {
  const { body } = policy.messages[direction];
  const path = `messages.${direction}.body`;
  const contradiction = (key: string, sentence: string, hint: string) =>
    refuse('E-CONTRADICTION', `${path}.${key}`, sentence, hint);
  if (body.store === 'none') {
    if (body.searchable) {
      yield contradiction(
        'searchable',
        `${direction} texts are not stored, and can be searched.`,
        'Write "searchable: false".',
      );
    }
    if (body.recipients.length > 0) {
      yield contradiction(
        'recipients',
        `${direction} texts are not stored, and are handed to ${body.recipients.join(', ')}.`,
        'Remove the recipients; who carries a text is listed with its categories in "recipients".',
      );
    }
    return;
  }
  if (!isHeld(policy, BODY)) {
    yield contradiction(
      'store',
      `${direction} texts are stored, and "data" does not list ${BODY}.`,
      `Add it, or write "store: none".`,
    );
  }
  const rule = policy.retention[direction === 'inbound' ? 'inbound_content' : 'message_content'];
  const longest = body.ceiling ?? body.store;
  if (rule && mayExceed(boundOf(rule).duration, longest)) {
    yield contradiction(
      'store',
      `${direction} texts are kept ${longest}, and their rule in "retention" says ${boundOf(rule).duration}.`,
      'Let the rule be no longer than the promise.',
    );
  }
  for (const [at, key] of body.recipients.entries()) {
    const recipient = Object.hasOwn(policy.recipients, key) ? policy.recipients[key] : undefined;
    if (!recipient || recipient.categories.includes(BODY)) continue;
    yield contradiction(
      `recipients[${at}]`,
      `${key} is handed texts, and its categories do not list them.`,
      `Add ${BODY} to recipients.${key}.categories.`,
    );
  }
}

const IDENTIFIED_BY: Record<Identity, Category> = {
  email: 'user.contact.email',
  phone: 'user.contact.phone_number',
  device_token: 'user.device.device_id',
  organisation: 'user.contact.organization',
};

function* identities(policy: Policy): Generator<Finding> {
  for (const [at, identity] of policy.account.identity.entries()) {
    const category = IDENTIFIED_BY[identity];
    if (isHeld(policy, category)) continue;
    yield refuse(
      'E-CONTRADICTION',
      `account.identity[${at}]`,
      `Accounts are known by ${identity.replace('_', ' ')}, and ${category} is not held.`,
      `Add ${category} to "data", or choose another identity.`,
    );
  }
}

function* inactivity({ account: { inactivity: said }, retention }: Policy): Generator<Finding> {
  const rule = retention.account;
  if (rule && exceeds(said.after, boundOf(rule).duration)) {
    yield refuse(
      'E-CONTRADICTION',
      'account.inactivity.after',
      `Unused accounts end after ${said.after}, and "retention" ends them after ${boundOf(rule).duration}.`,
      'Let both say the same.',
    );
  }
  for (const [at, before] of said.notify.entries()) {
    if (exceeds(said.after, before)) continue;
    yield refuse(
      'E-CONTRADICTION',
      `account.inactivity.notify[${at}]`,
      `A notice goes out ${before} before the end, and the whole time is ${said.after}.`,
      'Shorten it.',
    );
  }
}

function* cookies(policy: Policy): Generator<Finding> {
  const { promise, list, trackers } = policy.cookies;
  const byCookie = trackers.find(({ via }) => via === 'cookie');
  if (promise === 'none' && (list.length > 0 || byCookie)) {
    yield refuse(
      'E-CONTRADICTION',
      'cookies',
      `No cookie is promised, and "${list[0]?.name ?? byCookie?.name}" is one.`,
      'Write "promise: listed", or remove it.',
    );
  }
  if (list.length > 0 && isNever(policy, 'user.device.cookie_id')) {
    yield refuse(
      'E-CONTRADICTION',
      'cookies',
      'Cookies are set, and user.device.cookie_id is never held.',
      'Declare user.device.cookie_id in "data".',
    );
  }
  for (const [at, cookie] of list.entries()) {
    if (!cookie.essential || !['analytics', 'marketing', 'improve'].includes(cookie.purpose)) continue;
    yield refuse(
      'E-CONTRADICTION',
      `cookies.list[${at}].essential`,
      `The cookie "${cookie.name}" is called essential, and serves ${cookie.purpose}.`,
      'Write "essential: false".',
    );
  }
}

const FIELD_HOLDS: { readonly [F in LogField]?: Category } = {
  ip_address: 'user.device.ip_address',
  browser_family: 'user.device',
};

function* logs(policy: Policy): Generator<Finding> {
  for (const log of LOG_CLASSES) {
    for (const [at, field] of (policy.logs.classes[log]?.fields ?? []).entries()) {
      const category = FIELD_HOLDS[field];
      if (!category || isHeld(policy, category)) continue;
      yield refuse(
        'E-CONTRADICTION',
        `logs.classes.${log}.fields[${at}]`,
        `The ${log} log has the field ${field}, and ${category} is not held.`,
        `Remove the field, or add ${category} to "data".`,
      );
    }
  }
}
