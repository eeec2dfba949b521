// The rule of processing, pure: whether somebody's data may be used for a purpose, from what they asked for.
//
// Restriction goes first and leaves storage and legal claims (GDPR Art. 18(2)); then an objection to the purpose
// (Art. 21); then, where the purpose rests on consent, whether consent stands (Art. 6(1)(a), 7(3)).
import type { LegalBasis, Purpose } from '../map/purposes.ts';

/** The basis of each purpose in the policy in force; a purpose that is left out rests on no consent. */
export type BasisOfPurpose = { readonly [P in Purpose]?: LegalBasis };

/** What a person asked for, as it stands now. */
export interface Wishes {
  readonly restricted: boolean;
  /** Open objections. */
  readonly objectedTo: ReadonlySet<string>;
  /** Whether consent to the purpose stands; asked only when the purpose rests on consent. */
  readonly consented: boolean;
}

export type Verdict = 'allowed' | 'restricted' | 'objected' | 'no_consent';

/**
 * What a restriction leaves. `operations` is storage itself: partitions, backups, disposal. `suppression` goes on
 * honouring the stops of others, which Art. 18(2) allows for the protection of their rights.
 */
const ALLOWED_UNDER_RESTRICTION: ReadonlySet<Purpose> = new Set<Purpose>([
  'legal',
  'suppression',
  'operations',
]);

export function verdictOn(purpose: Purpose, bases: BasisOfPurpose, wishes: Wishes): Verdict {
  if (wishes.restricted && !ALLOWED_UNDER_RESTRICTION.has(purpose)) return 'restricted';
  if (wishes.objectedTo.has(purpose)) return 'objected';
  if (bases[purpose] === 'consent' && !wishes.consented) return 'no_consent';
  return 'allowed';
}

/** Why a purpose cannot be objected to; `objectable` when it can. */
export type Objectability = 'objectable' | 'withdraw_consent' | 'no_right';

/**
 * Whether Art. 21 gives a right to object: against legitimate and public interests, and against marketing always.
 * Of a purpose whose basis is not known the right is assumed.
 */
export function objectability(purpose: Purpose, bases: BasisOfPurpose): Objectability {
  const basis = bases[purpose];
  if (purpose === 'marketing') return 'objectable';
  if (basis === 'consent') return 'withdraw_consent';
  return basis === undefined || basis === 'legitimate_interest' || basis === 'public_interest'
    ? 'objectable'
    : 'no_right';
}
