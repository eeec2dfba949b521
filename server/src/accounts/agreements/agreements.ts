// The agreement on the processing of data (GDPR Art. 28(3)) that the operator offers organisations. A version is published
// once and never changed; what is accepted is named by its digest, so that both sides mean one text.
import { createHash } from 'node:crypto';
import { scopesOfRole } from '@sotto/contract/roles';
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import type { Keyring } from '#privacy';
import { type Actor, record } from '#privacy/audit';
import { lockWorkspace } from '../members/member.sql.ts';
import { roleIn } from '../members/members.ts';
import {
  type AcceptedRow,
  type AgreementRow,
  findCurrent,
  findLatestAccepted,
  insertAcceptance,
  insertAgreement,
  lockAgreements,
  waitsForAgreement,
} from './agreement.sql.ts';

export interface NewAgreement {
  readonly version: string;
  readonly text: string;
  readonly requiredFrom: Date | null;
}

/** Publishes a version; undefined when there is one of that name. Needs a transaction. */
export async function publishAgreement(
  tx: Tx,
  keyring: Keyring,
  { version, text, requiredFrom }: NewAgreement,
  actor: Actor,
): Promise<AgreementRow | undefined> {
  await lockAgreements(tx);
  const digest = createHash('sha256').update(text, 'utf8').digest();
  const row = await insertAgreement(tx, { id: newId(), version, text, digest, required_from: requiredFrom });
  if (row === undefined) return undefined;
  await record(tx, keyring, {
    action: 'agreement.published',
    actor,
    object: { kind: 'agreement', id: row.id },
  });
  return row;
}

/** What an organisation has accepted, beside what is offered. */
export interface Acceptance {
  readonly current: AgreementRow | undefined;
  readonly accepted: AcceptedRow | undefined;
  readonly isRequired: boolean;
}

export async function acceptanceOf(tx: Tx, workspaceId: string): Promise<Acceptance> {
  const [current, accepted, isRequired] = await Promise.all([
    findCurrent(tx),
    findLatestAccepted(tx, workspaceId),
    waitsForAgreement(tx, workspaceId),
  ]);
  return { current, accepted, isRequired };
}

/**
 * `no_power`: their role changed meanwhile. `personal`: it is one person's own workspace. `none`: nothing is offered.
 * `another`: not the one that is offered.
 */
export type Accepted = 'accepted' | 'closed' | 'personal' | 'no_power' | 'none' | 'another';

/**
 * Accepts the version that is offered, for an organisation. May be repeated: the first acceptance stands. Needs a
 * transaction.
 */
export async function acceptAgreement(
  tx: Tx,
  keyring: Keyring,
  who: { readonly workspaceId: string; readonly personId: string },
  read: { readonly version: string; readonly digest: string },
  actor: Actor,
): Promise<Accepted> {
  const place = await lockWorkspace(tx, who.workspaceId);
  if (place === undefined) return 'closed';
  if (place.kind === 'personal') return 'personal';
  const role = await roleIn(tx, who.workspaceId, who.personId);
  if (role === undefined || !scopesOfRole(role).has('agreements:accept')) return 'no_power';
  await lockAgreements(tx);
  const current = await findCurrent(tx);
  if (current === undefined) return 'none';
  if (current.version !== read.version || current.digest.toString('hex') !== read.digest) return 'another';
  if (await insertAcceptance(tx, who.workspaceId, current.id, who.personId)) {
    await record(tx, keyring, {
      action: 'agreement.accepted',
      actor,
      object: { kind: 'agreement', id: current.id },
      sealed: { workspaceId: who.workspaceId, ids: { agreement_id: current.id } },
    });
  }
  return 'accepted';
}
