// That a policy version was accepted, and that somebody said they are old enough. Neither is consent (GDPR Art. 7(2)):
// they have tables and types of their own, and nothing here can be given where a consent is asked for.
import type { Tx } from '#platform/database';
import {
  insertAcceptance,
  selectAcceptance,
  selectAttestation,
  upsertAttestation,
} from './acceptance.sql.ts';

/** How a policy was accepted: somebody ticked it, or went on using the service after it was published. */
export type AcceptanceMode = 'explicit' | 'by_use';

export interface PolicyAcceptance {
  /** SHA-256 of the accepted version. */
  readonly acceptedPolicyHash: Buffer;
  readonly mode: AcceptanceMode;
  readonly acceptedAt: Date;
}

/** Records that a workspace accepted a policy version. May be repeated: the first acceptance of a version stands. */
export async function acceptPolicy(
  tx: Tx,
  workspaceId: string,
  policyHash: Buffer,
  mode: AcceptanceMode,
): Promise<PolicyAcceptance> {
  await insertAcceptance(tx, workspaceId, policyHash, mode);
  return (await acceptanceOf(tx, workspaceId, policyHash))!;
}

/** When and how a workspace accepted a version; undefined when it has not. Reads as tenant or batch. */
export async function acceptanceOf(
  tx: Tx,
  workspaceId: string,
  policyHash: Buffer,
): Promise<PolicyAcceptance | undefined> {
  const row = await selectAcceptance(tx, workspaceId, policyHash);
  return (
    row && {
      acceptedPolicyHash: row.policy_hash,
      mode: row.mode as AcceptanceMode,
      acceptedAt: row.accepted_at,
    }
  );
}

/** What was said about age: yes or no, and when. A date of birth is never asked for or kept. */
export interface AgeAttestation {
  readonly isOfAge: boolean;
  readonly attestedAt: Date;
}

/** Records what a workspace's owner said about their age. May be repeated: the last word stands. */
export async function attestAge(tx: Tx, workspaceId: string, isOfAge: boolean): Promise<AgeAttestation> {
  const row = await upsertAttestation(tx, workspaceId, isOfAge);
  return { isOfAge: row.is_of_age, attestedAt: row.attested_at };
}

/** What was said last; undefined when nobody was asked. Reads as tenant or batch. */
export async function ageAttestationOf(tx: Tx, workspaceId: string): Promise<AgeAttestation | undefined> {
  const row = await selectAttestation(tx, workspaceId);
  return row && { isOfAge: row.is_of_age, attestedAt: row.attested_at };
}
