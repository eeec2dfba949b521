// The mails in English.
import type { Words } from './wording.ts';

const NOT_YOU =
  'If this was not you, follow the link at once: it lets you end all sessions and choose a new password.';
const IGNORE = 'If you did not ask for this, you need not do anything.';

const CHANGES = {
  added: 'A second factor was added to your account',
  removed: 'A second factor was removed from your account',
  recovery_codes_renewed: 'The recovery codes of your account were renewed',
  recovery_code_used: 'A recovery code was used to sign in to your account',
  passkey_refused: 'A passkey that may be a copy of yours was presented and refused',
} as const;

export const english: Words = {
  email_verification: ({ link, code, minutes }, { service }) => ({
    subject: `Confirm your e-mail address for ${service}`,
    paragraphs: [
      `Please confirm that this address is yours. The link works once, for ${minutesOf(minutes)}.`,
      ...(code === null ? [] : ['Or type in this code:']),
    ],
    code,
    link: { href: link, label: 'Confirm the address' },
    closing: [IGNORE],
  }),
  account_exists: ({ link }, { service }) => ({
    subject: `You have an account at ${service} already`,
    paragraphs: [
      'Somebody, probably you, wanted to open an account with this address, which has one.',
      'Sign in with your password. If you have forgotten it, follow the link to choose another.',
    ],
    link: { href: link, label: 'Choose a new password' },
    closing: [IGNORE],
  }),
  password_reset: ({ link, minutes }, { service }) => ({
    subject: `Choose a new password for ${service}`,
    paragraphs: [
      'Somebody, probably you, asked for a new password for your account.',
      `The link works once, for ${minutesOf(minutes)}. Your password stays as it is until you choose another.`,
    ],
    link: { href: link, label: 'Choose a new password' },
    closing: [IGNORE],
  }),
  sign_in_from_new_device: ({ at, device, link }, { service, time, name }) => ({
    subject: `New sign-in to your ${service} account`,
    paragraphs: [
      `Your account was signed in to on ${time(at)} from a device we had not seen before: ${name(device, 'an unknown device')}.`,
      'If this was you, you need not do anything.',
    ],
    link: { href: link, label: 'Look at the sessions' },
    closing: [NOT_YOU],
  }),
  password_changed: ({ at, link }, { service, time }) => ({
    subject: `Your ${service} password was changed`,
    paragraphs: [`The password of your account was changed on ${time(at)}.`],
    link: { href: link, label: 'Look at the account' },
    closing: [NOT_YOU],
  }),
  second_factor_changed: ({ at, change, link }, { service, time }) => ({
    subject: `About the second factor of your ${service} account`,
    paragraphs: [`${CHANGES[change]} on ${time(at)}.`],
    link: { href: link, label: 'Look at the account' },
    closing: [NOT_YOU],
  }),
  email_changed: ({ at, link }, { service, time }) => ({
    subject: `The e-mail address of your ${service} account was changed`,
    paragraphs: [
      `Your account has had another e-mail address since ${time(at)}. This is the last mail to this one.`,
    ],
    link: { href: link, label: 'Whom to write to' },
    closing: ['If this was not you, tell us at once; the page says how to reach us.'],
  }),
  invitation: ({ workspace, link, days }, { service, name }) => ({
    subject: `An invitation to ${service}`,
    paragraphs: [
      `You are invited to join ${name(workspace, 'a workspace')} on ${service}.`,
      `The link works once, for ${days === 1 ? 'one day' : `${days} days`}.`,
    ],
    link: { href: link, label: 'See the invitation' },
    closing: ['If you do not know who invites you, ignore this mail.'],
  }),
  account_closing: ({ closesOn, link }, { service, day }) => ({
    subject: `Your ${service} account will be closed`,
    paragraphs: [
      `You have not used your account for a long time. It will be closed on ${day(closesOn)}, and what it holds will be deleted.`,
      'To keep it, sign in once before that day.',
    ],
    link: { href: link, label: 'Keep the account' },
  }),
  account_closed: (_params, { service }) => ({
    subject: `Your ${service} account is closed`,
    paragraphs: [
      'Your account is closed. What it held is being deleted; what the law obliges us to keep is kept without your name.',
      'This is the last mail about it.',
    ],
  }),
  low_balance: ({ balance, link }, { service, money }) => ({
    subject: `Your ${service} balance is low`,
    paragraphs: [`Your balance is ${money(balance)}. When it is used up, nothing more is sent.`],
    link: { href: link, label: 'Top up' },
  }),
  subscription_unpaid: ({ plan, amount, endsOn, link }, { service, money, day, name }) => ({
    subject: `Your ${service} plan could not be renewed`,
    paragraphs: [
      `The balance does not reach for the next month of ${name(plan, 'your plan')}: ${money(amount)}. We try again each day until ${day(endsOn)}; then it ends.`,
      'Bonus does not pay for plans.',
    ],
    link: { href: link, label: 'Top up' },
  }),
  subscription_ended: ({ plan, link }, { service, name }) => ({
    subject: `Your ${service} plan has ended`,
    paragraphs: [
      `${name(plan, 'Your plan')} has ended, since it was not paid. Nothing was charged, and what you have stays; you can subscribe again at any time.`,
    ],
    link: { href: link, label: 'See the plans' },
  }),
  auto_top_up_stopped: ({ amount, why, link }, { service, money }) => ({
    subject: `Your ${service} balance no longer tops itself up`,
    paragraphs: [
      {
        needs_you: `Your bank wants to see that it is you before it pays ${money(amount)}. Top up by hand, and the bank will ask you. Nothing is charged automatically until you set it up again.`,
        declined: `We tried three times to charge ${money(amount)}, and it did not go through. You were not charged. Nothing more is tried until you set it up again.`,
        refunded: `An automatic payment of ${money(amount)} was returned. The stored card is removed, and nothing is charged automatically.`,
        disputed: `Your bank took back an automatic payment of ${money(amount)}. The stored card is removed, and nothing is charged automatically.`,
      }[why],
    ],
    link: { href: link, label: 'Top up' },
  }),
  payment_received: ({ amount, at, link }, { service, money, time }) => ({
    subject: `${service} has received your payment`,
    paragraphs: [`We received ${money(amount)} on ${time(at)}. Thank you.`],
    link: { href: link, label: 'See the balance' },
  }),
  payment_failed: ({ amount, link }, { service, money }) => ({
    subject: `Your payment to ${service} did not go through`,
    paragraphs: [
      `A payment of ${money(amount)} could not be made. You were not charged by us, and your balance is unchanged.`,
    ],
    link: { href: link, label: 'Try again' },
  }),
  ticket_reply: ({ reference, link }, { service, name }) => ({
    subject: `An answer from ${service}: ${name(reference, 'your request')}`,
    paragraphs: [`There is an answer to your request ${name(reference, '')}.`],
    ...(link === null
      ? { closing: ['To go on, answer to this mail.'] }
      : { link: { href: link, label: 'Read the answer' } }),
  }),
  device_recovery: ({ link, code, minutes }, { service }) => ({
    subject: `Restore your ${service} account`,
    paragraphs: [
      `Follow the link on the device that should have your account. It works once, for ${minutesOf(minutes)}.`,
      ...(code === null ? [] : ['Or type in this code there:']),
    ],
    code,
    link: { href: link, label: 'Restore the account' },
    closing: ['Give neither link nor code to anybody: whoever has one of them has your account.'],
  }),
  news: ({ headline, text, unsubscribe }, { service, name }) => ({
    subject: name(headline, `News from ${service}`),
    paragraphs: text.split(/\r?\n\s*\r?\n/),
    link: { href: unsubscribe, label: 'Receive no more of these' },
  }),
};

function minutesOf(minutes: number): string {
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'one day' : `${minutes / 1_440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'one hour' : `${minutes / 60} hours`;
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}
