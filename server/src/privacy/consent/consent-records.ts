// The ledger of consent as processing asks it: whether somebody's consent stands now, and whether they opted out of
// having their data passed on.
import { consentPurposes } from '@sotto/contract/consents';
import type { Tx } from '#platform/database';
import type { Keyring } from '../keys/keyring.ts';
import type { ConsentRecords } from '../processing/processing.ts';
import type { ProcessingSubject } from '../processing/subject.ts';
import { type ConsentPurpose, type ConsentState, currentConsents } from './consents.ts';

const isAskable = (purpose: string): purpose is ConsentPurpose =>
  consentPurposes.some((each) => each === purpose);

/** The records of this installation. Only workspaces decide for themselves here: of anybody else nothing is given. */
export function ledgerConsents(keyring: Keyring): ConsentRecords {
  const stateOf = async (
    tx: Tx,
    subject: ProcessingSubject,
    purpose: ConsentPurpose,
  ): Promise<ConsentState['state']> => {
    if (subject.kind !== 'workspace') return 'never_asked';
    const states = await currentConsents(tx, keyring, subject.id);
    return states.find((each) => each.purpose === purpose)!.state;
  };
  return {
    isGiven: async (tx, subject, purpose) =>
      isAskable(purpose) && (await stateOf(tx, subject, purpose)) === 'given',
    optsOutOfSharing: async (tx, subject) => (await stateOf(tx, subject, 'sale_sharing')) === 'objected',
  };
}
