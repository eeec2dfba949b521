// What sign-in is made of: hashing, the lists of known passwords, limits on attempts, mail, and what the policy asks of
// whoever opens an account.
import type { Throttle } from '#abuse';
import {
  type AccountMail,
  attemptsUnder,
  createPasswordHasher,
  createPasswordRules,
  openBreachedPasswords,
  type SignInParts,
} from '#accounts';
import type { Config } from '#platform/config';
import { AppError } from '#platform/errors';
import type { Component } from '#platform/lifecycle';
import type { PolicyFile } from './policy/policy-file.ts';

export type AccountParts = Pick<SignInParts, 'hasher' | 'rules' | 'attempts' | 'mail' | 'terms' | 'workBits'>;

/** About a second of a telephone: 2^20 hashes. */
const DEVICE_WORK_BITS = 20;

/** Reads the lists once, before anything listens. Throws `Refusal` when the operator's list cannot be read. */
export async function composeAccounts(
  config: Pick<Config, 'breachListFile' | 'currency'>,
  policy: PolicyFile,
  throttle: Throttle,
): Promise<{ readonly parts: AccountParts; readonly component: Component }> {
  const breached =
    config.breachListFile === undefined ? null : await openBreachedPasswords(config.breachListFile);
  return {
    parts: {
      hasher: createPasswordHasher(),
      rules: await createPasswordRules(breached),
      attempts: attemptsUnder(throttle),
      mail: NO_MAIL,
      terms: {
        policyHash: policy.hash,
        acceptance: policy.policy.acceptance.mode,
        currency: config.currency,
      },
      workBits: DEVICE_WORK_BITS,
    },
    component: {
      name: 'breach list',
      async stop() {
        await breached?.close();
      },
    },
  };
}

const NO_MAIL: AccountMail = {
  async queue() {
    throw new AppError('unavailable', { internal: 'no mail can be sent' });
  },
};
