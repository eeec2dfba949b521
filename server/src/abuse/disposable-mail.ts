// Services that give anybody a mailbox for minutes, by their domains. Whoever can have a thousand addresses an hour is not
// held by a limit on addresses. The list is short and of our own: what everybody knows of, and nothing that merely
// forwards, for an address that hides another one from us is a right of whoever has it. Operators add to it and take away.

/** Domains, in lower case; what lies below one counts with it. */
const KNOWN: readonly string[] = [
  '10minutemail.com',
  '10minutemail.net',
  '20minutemail.com',
  'burnermail.io',
  'byom.de',
  'cock.li',
  'discard.email',
  'dispostable.com',
  'dropmail.me',
  'emailondeck.com',
  'fakeinbox.com',
  'fakemail.net',
  'getairmail.com',
  'getnada.com',
  'grr.la',
  'guerrillamail.biz',
  'guerrillamail.com',
  'guerrillamail.de',
  'guerrillamail.info',
  'guerrillamail.net',
  'guerrillamail.org',
  'guerrillamailblock.com',
  'inboxkitten.com',
  'incognitomail.org',
  'maildrop.cc',
  'mailcatch.com',
  'mailinator.com',
  'mailinator.net',
  'mailnesia.com',
  'mailpoof.com',
  'mailsac.com',
  'mintemail.com',
  'moakt.com',
  'mohmal.com',
  'mytemp.email',
  'mytrashmail.com',
  'nada.email',
  'pokemail.net',
  'sharklasers.com',
  'smailpro.com',
  'spam4.me',
  'spambox.us',
  'spamgourmet.com',
  'temp-mail.io',
  'temp-mail.org',
  'tempail.com',
  'tempinbox.com',
  'tempmail.net',
  'tempmail.plus',
  'tempmailo.com',
  'tempr.email',
  'throwawaymail.com',
  'trash-mail.com',
  'trashmail.com',
  'trashmail.de',
  'trashmail.net',
  'trbvm.com',
  'wegwerfemail.de',
  'yopmail.com',
  'yopmail.fr',
  'yopmail.net',
];

export interface DisposableChanges {
  /** Domains that count as well, in lower case. */
  readonly added: readonly string[];
  /** Domains that do not, whatever else is said of what they lie below. */
  readonly allowed: readonly string[];
}

/** Says of a domain, in lower case and A-labels, whether mail to it is thrown away. Depends on the lists alone. */
export type IsDisposable = (domain: string) => boolean;

/** The most precise entry decides: `allowed` of a name outweighs `added` of what it lies below, and the other way round. */
export function disposableDomains({ added, allowed }: DisposableChanges): IsDisposable {
  const listed = new Map<string, boolean>(KNOWN.map((domain) => [domain, true]));
  for (const domain of added) listed.set(domain, true);
  for (const domain of allowed) listed.set(domain, false);
  return (domain) => {
    const labels = domain.split('.');
    for (let at = 0; at < labels.length - 1; at++) {
      const known = listed.get(labels.slice(at).join('.'));
      if (known !== undefined) return known;
    }
    return false;
  };
}
