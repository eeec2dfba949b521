// The index by which a number is recognised all over the installation: in suppressions, and as the pseudonym of a
// recipient in the ledger of consent, so that a consent finds the stop it answers.
import type { Keyring } from '../keys/keyring.ts';
import type { BlindIndex } from '../map/domains.ts';

const COLUMN = 'privacy.suppression.number_index';

/** The index to write. `number` is E.164 with a plus, and nothing else of it is kept. */
export const numberIndex = (keyring: Keyring, number: string): BlindIndex =>
  keyring.globalIndex(COLUMN, number);

/** The indexes a number may have been written under, one for each epoch in use. */
export const numberIndexes = (keyring: Keyring, number: string): BlindIndex[] =>
  keyring.globalIndexCandidates(COLUMN, number);
