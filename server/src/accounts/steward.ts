// What each column of accounts holds about somebody, and what becomes of it.

import type { DB } from '#platform/tables';
import { clear, type DataMap, hashed, indexed, operations, sealed, steward } from '#privacy/data-map';

/** Facts of an account: kept while it lives, so that its owner can be served and its keys recognised. */
const account = clear({
  category: 'user.account.settings',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

/** The day of the last use, so that what nobody uses can end. */
const activity = clear({
  category: 'user.behavior.service_used',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

/** Of a sign-in: kept as long as the policy keeps those. */
const session = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'session',
  dispose: 'erase',
});

/** Made for this site alone: nothing of it is a secret, and it is known nowhere else. */
const passkey = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

/** A slow hash or the secret of an app, sealed: whoever has the table and not the key has nothing to go on. */
const sealedSecret = sealed({
  category: 'user.authorization.password',
  purposes: ['security'],
  basis: 'contract',
  retention: 'account',
  sealedUnder: 'identity',
  dispose: 'shred',
});

/** Of a token that opens something; only ever compared. */
const secretHash = hashed({
  category: 'user.authorization.password',
  purposes: ['security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

const email = sealed({
  category: 'user.contact.email',
  purposes: ['service', 'security', 'contact', 'support'],
  basis: 'contract',
  retention: 'account',
  sealedUnder: 'identity',
  dispose: 'shred',
});

export const accounts = steward('accounts', {
  person: {
    about: [{ column: 'id', leadsTo: 'person' }],
    columns: {
      id: account,
      kind: account,
      email,
      email_index: indexed({
        category: 'user.contact.email',
        purposes: ['security'],
        basis: 'contract',
        retention: 'account',
        comparesWithin: 'installation',
        dispose: 'erase',
      }),
      locale: account,
      personal_workspace_id: account,
      created_at: account,
      closed_at: account,
    },
  },
  password: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'email_accounts',
    columns: { person_id: account, hash: sealedSecret, changed_at: account },
  },
  device: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'device_accounts',
    columns: {
      person_id: account,
      token_hash: hashed({
        category: 'user.device.device_id',
        purposes: ['security'],
        basis: 'contract',
        retention: 'account',
        dispose: 'erase',
      }),
      recovery_hash: secretHash,
      system: clear({
        category: 'user.device',
        purposes: ['service', 'support', 'security'],
        basis: 'contract',
        retention: 'account',
        dispose: 'erase',
      }),
      app_version: clear({
        category: 'user.device.app_version',
        purposes: ['support', 'security'],
        basis: 'legitimate_interest',
        interest: 'help with the version in use',
        retention: 'account',
        dispose: 'erase',
      }),
      changed_at: account,
    },
  },
  totp: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'second_factors',
    columns: {
      person_id: account,
      secret: sealedSecret,
      created_at: account,
      confirmed_at: account,
      last_used_step: account,
    },
  },
  recovery_code: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'second_factors',
    columns: { person_id: account, code_hash: secretHash, created_at: account },
  },
  passkey: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'second_factors',
    columns: {
      id: account,
      person_id: account,
      credential_id: passkey,
      public_key: passkey,
      user_handle: passkey,
      counter: account,
      transports: account,
      backup_eligible: account,
      backed_up: account,
      name: sealed({
        category: 'user.account.settings',
        purposes: ['service', 'security'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      created_at: account,
      last_used_at: account,
    },
  },
  membership: {
    about: [
      { column: 'person_id', leadsTo: 'accounts.person' },
      { column: 'workspace_id', leadsTo: 'workspace' },
    ],
    columns: { workspace_id: account, person_id: account, role: account, created_at: account },
  },
  staff_grant: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    columns: { person_id: account, role: account, granted_at: account },
  },
  session: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    columns: {
      id: session,
      person_id: session,
      secret_hash: hashed({
        category: 'user.authorization.password',
        purposes: ['security'],
        basis: 'contract',
        retention: 'session',
        dispose: 'erase',
      }),
      strength: session,
      created_at: session,
      authenticated_at: session,
      last_seen_at: session,
      idle_seconds: session,
      expires_at: session,
      ended_at: session,
    },
  },
  sign_up: {
    about: [{ column: 'id', leadsTo: 'person' }],
    feature: 'email_accounts',
    columns: {
      id: account,
      email,
      password_hash: sealedSecret,
      secret_hash: secretHash,
      locale: account,
      policy_hash: account,
      acceptance: account,
      created_at: account,
      expires_at: account,
    },
  },
  link: {
    about: [{ column: 'person_id', leadsTo: 'accounts.person' }],
    feature: 'email_accounts',
    columns: {
      id: account,
      person_id: account,
      purpose: account,
      secret_hash: secretHash,
      email,
      created_at: account,
      expires_at: account,
      used_at: account,
    },
  },
  spent_challenge: { about: 'nobody', columns: { id: operations, expires_at: operations } },
  workspace: {
    about: [{ column: 'id', leadsTo: 'workspace' }],
    columns: {
      id: account,
      kind: account,
      name: sealed({
        category: 'user.name',
        purposes: ['service', 'support'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      currency: account,
      created_at: account,
      closed_at: account,
      last_active_on: activity,
    },
  },
  organisation: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'organisations',
    columns: {
      workspace_id: account,
      name: sealed({
        category: 'user.contact.organization',
        purposes: ['service', 'billing'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
    },
  },
  invitation: {
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'invited_by', leadsTo: 'accounts.person' },
    ],
    feature: 'organisations',
    columns: {
      id: account,
      workspace_id: account,
      invited_by: account,
      role: account,
      email,
      secret_hash: secretHash,
      created_at: account,
      expires_at: account,
      accepted_at: account,
    },
  },
  agreement: {
    about: 'nobody',
    feature: 'organisations',
    columns: {
      id: operations,
      version: operations,
      text: operations,
      digest: operations,
      required_from: operations,
      published_at: operations,
    },
  },
  agreement_acceptance: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    feature: 'organisations',
    columns: { workspace_id: account, agreement_id: account, accepted_by: account, accepted_at: account },
  },
  inactivity_notice: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { workspace_id: account, distance: account, sent_at: account },
  },
  api_key: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: {
      id: account,
      workspace_id: account,
      kind: account,
      origin: account,
      created_by: account,
      created_by_person: account,
      name: sealed({
        category: 'user.account.settings',
        purposes: ['service', 'security'],
        basis: 'contract',
        retention: 'account',
        sealedUnder: 'identity',
        dispose: 'shred',
      }),
      secret_hash: hashed({
        category: 'user.authorization.password',
        purposes: ['security'],
        basis: 'contract',
        retention: 'account',
        dispose: 'erase',
      }),
      first_four: account,
      last_four: account,
      scopes: account,
      requests_per_second: account,
      networks: clear({
        category: 'user.device.ip_address',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'keeping a key from being used elsewhere',
        retention: 'account',
        dispose: 'erase',
      }),
      expires_at: account,
      created_at: account,
      last_used_at: clear({
        category: 'user.behavior.service_used',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'a key nobody uses any more can be found and revoked',
        retention: 'account',
        dispose: 'erase',
      }),
      revoked_at: account,
    },
  },
  admin_token: {
    about: [{ column: 'api_key_id', leadsTo: 'accounts.api_key' }],
    columns: {
      id: operations,
      secret_hash: hashed({
        category: 'user.authorization.password',
        purposes: ['security'],
        basis: 'legitimate_interest',
        interest: 'the first administrator can be let in without a default password',
        retention: 'audit',
        dispose: 'erase',
      }),
      created_at: operations,
      expires_at: operations,
      redeemed_at: operations,
      api_key_id: operations,
    },
  },
} as const satisfies DataMap<DB, 'accounts'>);
