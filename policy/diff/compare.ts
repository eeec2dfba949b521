// Compares what two policies say about one thing, or what it means that only one of them speaks of it.
import type { Obligation } from '../model.ts';
import { ASSURANCES } from '../vocabulary/assurance.ts';
import { harmless, lesser, notable, type ObligationOf, type Verdict, worse } from './change.ts';
import { compareDisclosures, compareLimits } from './compare-limits.ts';
import { compareAttestations, compareRequirements } from './compare-requirements.ts';
import { compareBounds, compareDeadlines, compareGates, compareProhibitions } from './compare-times.ts';

/** Of one obligation in both: every difference, none when they say the same. */
export function* compare(before: Obligation, after: Obligation): Generator<Verdict> {
  if (ASSURANCES.indexOf(after.assurance) > ASSURANCES.indexOf(before.assurance)) {
    yield worse(`is ${after.assurance} only, and was ${before.assurance}`);
  } else if (after.assurance !== before.assurance) {
    yield harmless(`is ${after.assurance} now`);
  }
  // Ids carry the kind, so both are of the same one.
  switch (after.kind) {
    case 'PROHIBIT':
      return yield* compareProhibitions(before as ObligationOf<'PROHIBIT'>, after);
    case 'BOUND':
      return yield* compareBounds(before as ObligationOf<'BOUND'>, after);
    case 'LIMIT':
      return yield* compareLimits(before as ObligationOf<'LIMIT'>, after);
    case 'DISCLOSE':
      return yield* compareDisclosures(before as ObligationOf<'DISCLOSE'>, after);
    case 'REQUIRE':
      return yield* compareRequirements(before as ObligationOf<'REQUIRE'>, after);
    case 'DEADLINE':
      return yield* compareDeadlines(before as ObligationOf<'DEADLINE'>, after);
    case 'GATE':
      return yield* compareGates(before as ObligationOf<'GATE'>, after);
    case 'ATTEST':
      return yield* compareAttestations(before as ObligationOf<'ATTEST'>, after);
  }
}

/** Of an obligation that only the newer policy has. */
export function ofAdded(added: Obligation): Verdict {
  switch (added.kind) {
    case 'LIMIT':
      if (added.what.type === 'category') return worse(`new category: ${added.what.category}`);
      if (added.what.type === 'purpose') return worse(`new purpose: ${added.what.purpose}`);
      return harmless('a new limit');
    case 'DISCLOSE':
      return worse(`new recipient: ${added.name}`);
    case 'REQUIRE':
      switch (added.capability.type) {
        case 'cookie':
          return added.capability.cookie.essential
            ? lesser('a new essential cookie')
            : worse('a new cookie that is not essential');
        case 'tracker':
          return worse('a new tracker');
        case 'sharing_exception':
          return worse(`content may be disclosed on a new occasion: ${added.capability.exception.when}`);
        case 'log_fields':
          return worse(`a new kind of log: ${added.capability.log}`);
        default:
          return harmless('a new safeguard');
      }
    case 'GATE':
      if (added.condition.type === 'sale') return worse('data may be sold');
      if (added.condition.type === 'advertising') return worse('data may serve advertising');
      return harmless('a new condition');
    case 'PROHIBIT':
      return notable('something is excluded that was not');
    case 'BOUND':
    case 'DEADLINE':
    case 'ATTEST':
      return harmless('a new limit or confirmation');
  }
}

/** Of an obligation that only the older policy has. */
export function ofRemoved(removed: Obligation): Verdict {
  switch (removed.kind) {
    case 'PROHIBIT':
      return worse('no longer excluded');
    case 'LIMIT':
      return removed.what.type === 'category' || removed.what.type === 'purpose'
        ? harmless('no longer held or used')
        : worse('no longer limited');
    case 'DISCLOSE':
      return harmless(`${removed.name} receives nothing any more`);
    case 'BOUND':
      // A rule goes with what it bounded; what a recipient keeps is bounded by nothing else.
      return removed.what.type === 'upstream'
        ? worse('it is no longer said how long the recipient keeps data')
        : harmless('nothing is left to be bounded');
    case 'REQUIRE':
      if (removed.capability.type === 'right')
        return worse(`the right is withdrawn: ${removed.capability.right}`);
      return ['cookie', 'tracker', 'sharing_exception', 'log_fields'].includes(removed.capability.type)
        ? harmless('given up')
        : worse('a safeguard is withdrawn');
    case 'DEADLINE':
      return worse('a deadline is withdrawn');
    case 'GATE':
      if (removed.condition.type === 'feature')
        return harmless('the recipient is no longer tied to a feature');
      return removed.condition.type === 'sale' || removed.condition.type === 'advertising'
        ? harmless('no longer permitted')
        : worse('a condition is withdrawn');
    case 'ATTEST':
      return worse('a confirmation is withdrawn');
  }
}
