// Which obligations the page leaves out because what they are about is switched off: a recipient that does not exist
// now, texts in a direction that nobody uses, and what is done only for a purpose that rests. Data and its limits stay:
// what was collected before is still there.
import type { Direction, Obligation } from '../model.ts';
import type { Feature } from '../vocabulary/features.ts';
import type { Voice } from './voice.ts';

/** What makes texts go in a direction. */
const FEATURES_OF: Readonly<Record<Direction, readonly Feature[]>> = {
  inbound: ['stored_inbound', 'relayed_inbound', 'activations', 'rentals', 'messages'],
  outbound: ['messages', 'verifications', 'campaigns'],
};

export function isPresent(obligation: Obligation, voice: Voice): boolean {
  switch (obligation.kind) {
    case 'DISCLOSE':
      return isThere(obligation.recipient, voice);
    case 'ATTEST':
      return obligation.what.type === 'control' || isThere(obligation.what.recipient, voice);
    case 'BOUND':
      if ('direction' in obligation.what) return isUsed(obligation.what.direction, voice);
      if (obligation.what.type === 'upstream') return isThere(obligation.what.recipient, voice);
      return obligation.what.type !== 'cookie' || !isCookieResting(obligation.what.name, voice);
    case 'LIMIT':
      if ('direction' in obligation.what) return isUsed(obligation.what.direction, voice);
      return obligation.what.type !== 'purpose' || !voice.isResting(obligation.what.purpose);
    case 'GATE':
      if (obligation.condition.type === 'feature') return isThere(obligation.condition.recipient, voice);
      return obligation.condition.type !== 'consent' || !voice.isResting(obligation.condition.purpose);
    case 'REQUIRE': {
      const { capability } = obligation;
      if (capability.type === 'cookie') return !voice.isResting(capability.cookie.purpose);
      if (capability.type === 'self_service_deletion') return voice.deletionWays().length > 0;
      if (capability.type !== 'tracker') return true;
      const { purpose, recipient } = capability.tracker;
      return !voice.isResting(purpose) && (recipient === undefined || isThere(recipient, voice));
    }
    case 'PROHIBIT':
      return !('direction' in obligation.what) || isUsed(obligation.what.direction, voice);
    case 'DEADLINE':
      return obligation.event !== 'subscription_cancelled' || voice.isOn('subscriptions');
  }
}

/** Whether a feature that is on makes texts go in a direction. */
export const isUsed = (direction: Direction, voice: Voice) =>
  FEATURES_OF[direction].some((feature) => voice.isOn(feature));

const isThere = (recipient: string, voice: Voice) => voice.recipient(recipient) !== undefined;

function isCookieResting(name: string, voice: Voice): boolean {
  const cookie = voice.policy.cookies.list.find((listed) => listed.name === name);
  return cookie !== undefined && voice.isResting(cookie.purpose);
}
