// The mail that tells somebody what became of their second factors. Accounts without an address get none.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { NOW } from '../api-key.sql.ts';
import { findPerson } from '../people/people.ts';
import type { AccountMail, FactorChange } from '../sign-in/account-mail.ts';

/** Queues it in the caller's transaction. */
export async function tellOwner(
  tx: Tx,
  keyring: Keyring,
  mail: AccountMail,
  personId: string,
  change: FactorChange,
): Promise<void> {
  const person = await findPerson(tx, keyring, personId);
  if (person === undefined || person.email === null) return;
  const [clock] = await tx.exec(NOW, []);
  const letter = { to: person.email, personId, language: person.locale };
  await mail.queue(tx, { ...letter, kind: 'second_factor_changed', at: clock!.now, change });
}
