// The end of accounts: a closed workspace goes with its keys, and the data keys that said who it was are destroyed, so
// that copies of its name in backups end as well. What the law keeps (the books) stands under an id that then means
// nothing.
import { closeWallets } from '#ledger';
import { endMailsOf } from '#mail';
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { type Due, type ExpiryHandler, endWorkspaces, rowsExpired } from '#privacy/retention';
import {
  adminKeysStanding,
  closedStanding,
  deleteWorkspaces,
  expireAdminKeys,
  expireTokens,
  lockClosed,
  tokensStanding,
} from './expiry.sql.ts';
import { expireInvitations, invitationsStanding } from './members/invitation.sql.ts';
import {
  closedPeopleStanding,
  deletePeople,
  expireLinks,
  expireSessions,
  expireSignUps,
  linksStanding,
  lockClosedPeople,
  sessionsStanding,
  signUpsStanding,
} from './people/expiry.sql.ts';

/** Each takes its keys along, and destroying those is slow: one file each. */
const WORKSPACES_AT_ONCE_MAX = 50;

/** Told of workspaces that are erased, in the transaction that erases them; registered by contexts above. */
export type OnWorkspacesEnded = (tx: Tx, workspaceIds: readonly string[]) => Promise<void>;

export const accountsExpiry = (
  keyring: Keyring,
  onEnded: readonly OnWorkspacesEnded[] = [],
): readonly ExpiryHandler[] => [
  sessionExpiry,
  signUpExpiry(keyring),
  linkExpiry,
  invitationExpiry,
  personExpiry(keyring),
  workspaceExpiry(keyring, onEnded),
  adminKeyExpiry,
  adminTokenExpiry,
];

const workspaceExpiry = (keyring: Keyring, onEnded: readonly OnWorkspacesEnded[]): ExpiryHandler => ({
  key: 'account',
  table: 'accounts.workspace',
  takesAlong: [
    'accounts.api_key',
    'accounts.inactivity_notice',
    'accounts.membership',
    'accounts.organisation',
    'accounts.agreement_acceptance',
    'accounts.invitation',
  ],
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, due) {
    const limit = Math.min(due.limit, WORKSPACES_AT_ONCE_MAX);
    const ids = await lockClosed(tx, closedBefore(due), due.held, limit);
    if (ids.length === 0) return rowsExpired(0, limit);
    await due.onErased(tx, 'workspace', ids);
    // Before the commit: a workspace that stays because it failed is closed and nameless, and goes the next time.
    await keyring.destroy(
      ids.flatMap((id) => [keyring.keyId({ class: 'identity', subjectId: id }), ...keyring.indexKeyIds(id)]),
    );
    await closeWallets(tx, ids);
    await endMailsOf(tx, ids);
    await endWorkspaces(tx, ids);
    for (const tell of onEnded) await tell(tx, ids);
    await deleteWorkspaces(tx, ids);
    return rowsExpired(ids.length, limit);
  },
  standing: (tx, due) => closedStanding(tx, closedBefore(due), due.held, due.limit),
});

/** The account of a person, whose key said who it was. Before the workspace, which some of it leads to. */
const personExpiry = (keyring: Keyring): ExpiryHandler => ({
  key: 'account',
  table: 'accounts.person',
  takesAlong: [
    'accounts.password',
    'accounts.device',
    'accounts.totp',
    'accounts.recovery_code',
    'accounts.passkey',
    'accounts.membership',
    'accounts.staff_grant',
    'accounts.session',
    'accounts.link',
    'accounts.invitation',
  ],
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, due) {
    const limit = Math.min(due.limit, WORKSPACES_AT_ONCE_MAX);
    const ids = await lockClosedPeople(tx, closedBefore(due), due.held, limit);
    if (ids.length === 0) return rowsExpired(0, limit);
    await due.onErased(tx, 'person', ids);
    await keyring.destroy(ids.map((id) => keyring.keyId({ class: 'identity', subjectId: id })));
    await endMailsOf(tx, ids);
    await deletePeople(tx, ids);
    return rowsExpired(ids.length, limit);
  },
  standing: (tx, due) => closedPeopleStanding(tx, closedBefore(due), due.held, due.limit),
});

/** What was never confirmed is no account: it goes when its link is too old, with the key of who was never there. */
const signUpExpiry = (keyring: Keyring): ExpiryHandler => ({
  key: 'account',
  table: 'accounts.sign_up',
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, { now, limit }) {
    const ids = await expireSignUps(tx, now, Math.min(limit, WORKSPACES_AT_ONCE_MAX));
    await keyring.destroy(ids.map((id) => keyring.keyId({ class: 'identity', subjectId: id })));
    return rowsExpired(ids.length, Math.min(limit, WORKSPACES_AT_ONCE_MAX));
  },
  async standing(tx, { now }) {
    return { ...(await signUpsStanding(tx, now)), held: 0 };
  },
});

/** Links that open nothing any more, by use or by age. */
const linkExpiry: ExpiryHandler = {
  key: 'account',
  table: 'accounts.link',
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, { now, limit }) {
    return rowsExpired(await expireLinks(tx, now, limit), limit);
  },
  async standing(tx, { now }) {
    return { ...(await linksStanding(tx, now)), held: 0 };
  },
};

/** Invitations that open nothing any more: with them the addresses of those who did not come. */
const invitationExpiry: ExpiryHandler = {
  key: 'account',
  table: 'accounts.invitation',
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, { now, limit }) {
    return rowsExpired(await expireInvitations(tx, now, limit), limit);
  },
  async standing(tx, { now }) {
    return { ...(await invitationsStanding(tx, now)), held: 0 };
  },
};

export const sessionExpiry: ExpiryHandler = {
  key: 'session',
  table: 'accounts.session',
  columns: 'row',
  counts: ['created', 'last_activity'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireSessions(tx, before, limit), limit);
  },
  async standing(tx, { before }) {
    return { ...(await sessionsStanding(tx, before)), held: 0 };
  },
};

/** Kept until it is closed: then it goes at once. Kept for some time after: the limit counts from there. */
const closedBefore = ({ until, now, before }: Due): Date => (until === 'account_closed' ? now : before);

/** Administrators' keys belong to no workspace that could be closed: they end by disuse, or when revoked. */
const adminKeyExpiry: ExpiryHandler = {
  key: 'account',
  table: 'accounts.api_key',
  columns: 'row',
  counts: ['created', 'last_activity', 'account_closed'],
  async expire(tx, due) {
    return rowsExpired(await expireAdminKeys(tx, due.before, endsByDisuse(due), due.limit), due.limit);
  },
  async standing(tx, due) {
    return { ...(await adminKeysStanding(tx, due.before, endsByDisuse(due))), held: 0 };
  },
};

const endsByDisuse = ({ from }: Due): boolean => from !== 'account_closed';

const adminTokenExpiry: ExpiryHandler = {
  key: 'audit',
  table: 'accounts.admin_token',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, limit }) {
    return rowsExpired(await expireTokens(tx, before, limit), limit);
  },
  async standing(tx, { before }) {
    return { ...(await tokensStanding(tx, before)), held: 0 };
  },
};
