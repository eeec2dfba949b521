// What is said to who may not do something to members.
import { AppError, assertInvariant } from '#platform/errors';
import type { WorkspacePrincipal } from '../principal.ts';
import type { MemberRefusal } from './member-rules.ts';

/** The person behind a call that no key can make. */
export function personOf({ personId }: WorkspacePrincipal): string {
  assertInvariant(personId !== null, 'no key holds a scope of members');
  return personId;
}

const SENTENCES: Readonly<Record<MemberRefusal, string>> = {
  no_power: 'Your role in this workspace does not look after its members.',
  above_own_role: 'Nobody gives more than they have.',
  owner_needed: 'Only an owner does this.',
  last_owner: 'A workspace has an owner: make another member one first, or close it.',
};

/** What is said to who may not. */
export const refusalOf = (reason: MemberRefusal): AppError =>
  new AppError(reason === 'last_owner' ? 'conflict' : 'forbidden', { detail: SENTENCES[reason] });
