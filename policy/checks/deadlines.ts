// E-DEADLINE-LAW: no promise is slower than the law of a jurisdiction the policy names. Where a promise may fall
// earlier or later than the law (30 days, one month), the earlier of the two holds for each request, so it stands.
import { exceeds, mayExceed } from '../duration.ts';
import { CLOCKS, type Clock, type Clocks } from '../law/clocks.ts';
import type { IsoDuration, Policy } from '../model.ts';
import type { Jurisdiction } from '../vocabulary/jurisdictions.ts';
import { RIGHT_KEYS } from '../vocabulary/rights.ts';
import { type Check, type Finding, refuse } from './finding.ts';

/** Shorter than the shortest month. */
const CANCEL_BEFORE_MAX = 'P27D';

export const checkDeadlines: Check = function* (policy) {
  for (const [at, jurisdiction] of policy.policy.jurisdictions.entries()) {
    const clocks = CLOCKS[jurisdiction];
    if (clocks) yield* against(policy, jurisdiction, clocks);
    else {
      yield refuse(
        'E-DEADLINE-LAW',
        `policy.jurisdictions[${at}]`,
        `The deadlines of ${jurisdiction} are not known here, so none can be kept.`,
        'Remove the jurisdiction until its clocks are in the law of this package.',
      );
    }
  }
  yield* consistent(policy);
};

function* against(policy: Policy, jurisdiction: Jurisdiction, clocks: Clocks): Generator<Finding> {
  const { rights, account, breach, consent } = policy;
  // A deadline for all rights is judged by the rights that use it.
  for (const right of RIGHT_KEYS) {
    const said = rights[right];
    if (!said?.offered) continue;
    const clock = clocks.rights[right] ?? clocks.request;
    const within = said.respond_within ?? rights.respond_within;
    const path = said.respond_within ? `rights.${right}.respond_within` : 'rights.respond_within';
    if (within) yield* slower(path, `the right of ${right}`, within, clock, jurisdiction);
    const extension = said.extension ?? rights.extension;
    const extensionPath = said.extension ? `rights.${right}.extension` : 'rights.extension';
    if (extension && clock.extension === undefined) {
      yield refuse(
        'E-DEADLINE-LAW',
        extensionPath,
        `The law of ${jurisdiction} knows no extension for the right of ${right} (${clock.source}).`,
        'Remove the extension for this right.',
      );
    } else if (extension) {
      yield* slower(
        extensionPath,
        `the extension for the right of ${right}`,
        extension,
        { within: clock.extension!, source: clock.source },
        jurisdiction,
      );
    }
  }
  const erasure = clocks.rights.erasure ?? clocks.request;
  yield* slower(
    'account.deletion.complete_within',
    'deletion',
    account.deletion.complete_within,
    erasure,
    jurisdiction,
  );
  if (rights.first_reply && clocks.confirmation) {
    const { within, calendar } = rights.first_reply;
    const days = calendar === 'business_days' ? inCalendarDays(within) : within;
    yield* slower('rights.first_reply.within', 'the first reply', days, clocks.confirmation, jurisdiction);
  }
  if (clocks.breach) {
    yield* slower(
      'breach.notify_authority_within',
      'notice of a breach',
      breach.notify_authority_within,
      clocks.breach,
      jurisdiction,
    );
  }
  if (clocks.reask && mayExceed(clocks.reask.within, consent.reask_after)) {
    yield refuse(
      'E-DEADLINE-LAW',
      'consent.reask_after',
      `People are asked again after ${consent.reask_after}; the law of ${jurisdiction} says not before ${clocks.reask.within} (${clocks.reask.source}).`,
      `Write ${clocks.reask.within} or longer.`,
    );
  }
}

/** Refuses a promise that is never earlier than the law and sometimes later. */
function* slower(
  path: string,
  what: string,
  promised: IsoDuration,
  clock: Clock,
  jurisdiction: Jurisdiction,
): Generator<Finding> {
  if (!mayExceed(promised, clock.within) || mayExceed(clock.within, promised)) return;
  yield refuse(
    'E-DEADLINE-LAW',
    path,
    `${what[0]!.toUpperCase()}${what.slice(1)} is promised within ${promised}; the law of ${jurisdiction} says ${clock.within} (${clock.source}).`,
    `Write ${clock.within} or shorter.`,
  );
}

/** The most calendar days that many business days can take, holidays aside. */
function inCalendarDays(within: IsoDuration): IsoDuration {
  for (let weeks = 1; weeks <= 60; weeks += 1) {
    if (!mayExceed(within, `P${weeks * 5}D`)) return `P${weeks * 7}D`;
  }
  return within;
}

/** Deadlines of the policy among themselves. */
function* consistent({
  rights: { first_reply, respond_within },
  account: { subscriptions },
}: Policy): Generator<Finding> {
  if (first_reply?.target && exceeds(first_reply.target, first_reply.within)) {
    yield refuse(
      'E-CONTRADICTION',
      'rights.first_reply.target',
      'The aim of the first reply is later than its promise.',
      'Let "target" be shorter than "within".',
    );
  }
  if (first_reply && respond_within && exceeds(first_reply.within, respond_within)) {
    yield refuse(
      'E-CONTRADICTION',
      'rights.first_reply.within',
      'The first reply is promised later than the answer.',
      'Let "first_reply.within" be shorter than "respond_within".',
    );
  }
  if (subscriptions && mayExceed(subscriptions.cancel_before, CANCEL_BEFORE_MAX)) {
    yield refuse(
      'E-CONTRADICTION',
      'account.subscriptions.cancel_before',
      'A subscription renews each month, and nobody could cancel it in time.',
      `Write ${CANCEL_BEFORE_MAX} or shorter.`,
    );
  }
}
