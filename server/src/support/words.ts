// Sealing and opening what was written. A ticket has a key for its words, and one that came by mail another for the
// address it is answered to, so that the address can die with the case and the words later.
import type { Keyring, Place, Sealed } from '#privacy';

/** Before the first word of a ticket is sealed: when it resolves, its key is durable. May be repeated. */
export const ensureWords = (keyring: Keyring, ticketId: string) =>
  keyring.ensure([{ class: 'ticket', ticketId }]);

/** Before words of these tickets are opened. */
export const loadWords = (keyring: Keyring, ticketIds: readonly string[]) =>
  keyring.load(ticketIds.map((id) => wordsKey(keyring, id)));

export const sealSubject = (keyring: Keyring, ticketId: string, subject: string): Sealed =>
  keyring.seal(subjectPlace(keyring, ticketId), subject);

export const openSubject = (keyring: Keyring, ticketId: string, subject: Buffer): string | null =>
  opened(keyring, subjectPlace(keyring, ticketId), subject);

export const sealBody = (keyring: Keyring, ticketId: string, messageId: string, text: string): Sealed =>
  keyring.seal(bodyPlace(keyring, ticketId, messageId), text);

export const openBody = (keyring: Keyring, ticketId: string, messageId: string, body: Buffer) =>
  opened(keyring, bodyPlace(keyring, ticketId, messageId), body);

export async function sealSender(keyring: Keyring, ticketId: string, address: string): Promise<Sealed> {
  await keyring.ensure([{ class: 'identity', subjectId: ticketId }]);
  return keyring.seal(senderPlace(keyring, ticketId), address);
}

export async function openSender(keyring: Keyring, ticketId: string, sender: Buffer): Promise<string | null> {
  const place = senderPlace(keyring, ticketId);
  await keyring.load([place.keyId]);
  return opened(keyring, place, sender);
}

export const wordsKey = (keyring: Keyring, ticketId: string) => keyring.keyId({ class: 'ticket', ticketId });
export const senderKey = (keyring: Keyring, ticketId: string) =>
  keyring.keyId({ class: 'identity', subjectId: ticketId });

const subjectPlace = (keyring: Keyring, ticketId: string): Place => ({
  column: 'support.ticket.subject',
  rowId: ticketId,
  ownerId: ticketId,
  keyId: wordsKey(keyring, ticketId),
});

const bodyPlace = (keyring: Keyring, ticketId: string, messageId: string): Place => ({
  column: 'support.message.body',
  rowId: messageId,
  ownerId: ticketId,
  keyId: wordsKey(keyring, ticketId),
});

const senderPlace = (keyring: Keyring, ticketId: string): Place => ({
  column: 'support.ticket.sender',
  rowId: ticketId,
  ownerId: ticketId,
  keyId: senderKey(keyring, ticketId),
});

function opened(keyring: Keyring, place: Place, sealed: Buffer): string | null {
  const found = keyring.open(place, sealed);
  return found.state === 'open' ? found.plaintext.toString() : null;
}
