// What sign-in is made of: hashing, the lists of known passwords, limits on attempts, mail, and what the policy asks of
// whoever opens an account.
import type { AbuseSettings, Throttle } from '#abuse';
import {
  type AccountMail,
  attemptsUnder,
  createPasswordHasher,
  createPasswordRules,
  type OpeningTerms,
  openBreachedPasswords,
  type PasskeySite,
  passkeySite,
  type SignInParts,
} from '#accounts';
import { queueMail } from '#mail';
import type { Config } from '#platform/config';
import type { Component } from '#platform/lifecycle';
import type { Keyring } from '#privacy';
import type { PolicyFile } from './policy/policy-file.ts';

export type AccountParts = Pick<
  SignInParts,
  | 'hasher'
  | 'rules'
  | 'attempts'
  | 'isDisposable'
  | 'mail'
  | 'terms'
  | 'workBits'
  | 'passkeySite'
  | 'serviceName'
>;

/** About a second of a telephone: 2^20 hashes. */
const DEVICE_WORK_BITS = 20;

/** What this installation is called while nobody has named it. */
export const UNNAMED = 'Sotto';

/** Reads the lists once, before anything listens. Throws `Refusal` when the operator's list cannot be read. */
export async function composeAccounts(
  config: Pick<Config, 'breachListFile' | 'currency' | 'mailFrom'>,
  policy: PolicyFile,
  throttle: Throttle,
  { isDisposable }: Pick<AbuseSettings, 'isDisposable'>,
  mail: AccountMail,
  baseUrl: () => string,
): Promise<{ readonly parts: AccountParts; readonly component: Component }> {
  const serviceName = config.mailFrom?.name ?? UNNAMED;
  const breached =
    config.breachListFile === undefined ? null : await openBreachedPasswords(config.breachListFile);
  return {
    parts: {
      hasher: createPasswordHasher(),
      rules: await createPasswordRules(breached),
      attempts: attemptsUnder(throttle),
      isDisposable,
      mail,
      terms: openingTerms(config, policy),
      workBits: DEVICE_WORK_BITS,
      serviceName,
      passkeySite: () => siteAt(baseUrl(), serviceName),
    },
    component: {
      name: 'breach list',
      async stop() {
        await breached?.close();
      },
    },
  };
}

/** What whoever opens an account agrees to, and the currency of their workspace. */
export const openingTerms = (config: Pick<Config, 'currency'>, policy: PolicyFile): OpeningTerms => ({
  policyHash: policy.hash,
  acceptance: policy.policy.acceptance.mode,
  currency: config.currency,
});

/** Browsers make no passkeys for addresses in digits; this machine has a name as well. */
function siteAt(baseUrl: string, name: string): PasskeySite | null {
  const url = new URL(baseUrl);
  if (['127.0.0.1', '[::1]'].includes(url.hostname)) url.hostname = 'localhost';
  return passkeySite(url.href, name);
}

/** Mails of accounts as mails of the outbox. `baseUrl` is where people reach this installation. */
export const accountMail = (
  keyring: Keyring,
  baseUrl: () => string,
  declared: ReadonlySet<string>,
): AccountMail => ({
  async queue(tx, letter) {
    const { to } = letter;
    const locale = letter.language === 'ar' ? ('ar' as const) : ('en' as const);
    // A secret stands behind the #, which browsers send to nobody (ASVS 5.0.0 V14.2.1).
    const link = (path: string, secret = '') =>
      `${baseUrl()}/${path}?language=${locale}${secret === '' ? '' : `#${secret}`}`;
    if (letter.kind === 'invitation') {
      await queueMail(tx, keyring, {
        to,
        locale,
        purpose: 'service',
        subject: { kind: 'workspace', id: letter.workspaceId },
        template: 'invitation',
        params: {
          workspace: lineOf(letter.workspace),
          link: link('invitation', letter.secret),
          days: letter.days,
        },
      });
      return;
    }
    const subject = { kind: 'person' as const, id: letter.personId };
    const common = { to, locale, purpose: 'security' as const, subject };
    // An account ends whether or not the policy sends mail about the service.
    const contact = { ...common, purpose: 'service' as const };
    switch (letter.kind) {
      case 'account_closing':
        if (!declared.has('contact')) return;
        await queueMail(tx, keyring, {
          ...contact,
          template: 'account_closing',
          params: { closesOn: letter.closesOn.toISOString(), link: `${baseUrl()}/` },
        });
        return;
      case 'account_closed':
        if (!declared.has('contact')) return;
        await queueMail(tx, keyring, { ...contact, template: 'account_closed', params: {} });
        return;
      case 'confirm_address':
        await queueMail(tx, keyring, {
          ...common,
          template: 'email_verification',
          params: { link: link('confirm', letter.secret), code: null, minutes: CONFIRM_MINUTES },
        });
        return;
      case 'confirm_new_address':
        await queueMail(tx, keyring, {
          ...common,
          template: 'email_verification',
          params: { link: link('new-address', letter.secret), code: null, minutes: LINK_MINUTES },
        });
        return;
      case 'account_exists':
        await queueMail(tx, keyring, {
          ...common,
          template: 'account_exists',
          params: { link: link('forgotten-password') },
        });
        return;
      case 'reset_password':
        await queueMail(tx, keyring, {
          ...common,
          template: 'password_reset',
          params: { link: link('new-password', letter.secret), minutes: LINK_MINUTES },
        });
        return;
      case 'password_changed':
        await queueMail(tx, keyring, {
          ...common,
          template: 'password_changed',
          params: { at: letter.at.toISOString(), link: link('forgotten-password') },
        });
        return;
      case 'email_changed':
        // Nothing of the account opens by this address any more: the page says whom to write to.
        await queueMail(tx, keyring, {
          ...common,
          template: 'email_changed',
          params: { at: letter.at.toISOString(), link: link('privacy') },
        });
        return;
      case 'second_factor_changed':
        await queueMail(tx, keyring, {
          ...common,
          template: 'second_factor_changed',
          params: { at: letter.at.toISOString(), change: letter.change, link: link('forgotten-password') },
        });
    }
  },
});

/** A name as a mail takes it: one line. The mail says `a workspace` of one that is a space. */
const lineOf = (name: string | null): string => name?.replace(/[\u2028\u2029]/g, ' ') || ' ';

/** As long as a sign-up waits, and as long as a link to a new password or address works. */
const CONFIRM_MINUTES = 1_440;
const LINK_MINUTES = 30;
