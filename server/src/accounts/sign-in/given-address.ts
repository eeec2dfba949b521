// The address in a request, read.
import { AppError } from '#platform/errors';
import { type EmailAddress, type EmailFault, readEmailAddress } from '../credentials/email-address.ts';

/** Throws `invalid_request` for what is no address, or made to be mistaken for another. */
export function addressOf(text: string): EmailAddress {
  const read = readEmailAddress(text);
  if (read.state === 'refused') {
    throw new AppError('invalid_request', { field: 'email', detail: `It ${EMAIL_FAULTS[read.fault]}` });
  }
  return read.email;
}

const EMAIL_FAULTS: Readonly<Record<EmailFault, string>> = {
  too_long: 'is longer than an address can be.',
  malformed: 'is not an address that mail can be sent to.',
  invisible: 'has spaces or characters that cannot be seen.',
  confusable: 'mixes letters of different scripts that look alike.',
};
