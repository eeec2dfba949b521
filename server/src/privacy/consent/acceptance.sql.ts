// Statements on acceptances of policies and on what was said about age.
import { sql } from 'kysely';
import { q, type Tx } from '#platform/database';
import { readerFor } from '../reading/reader.ts';
import { privacy } from '../steward.ts';

const read = readerFor(privacy);

export interface AcceptanceRow {
  readonly policy_hash: Buffer;
  readonly mode: string;
  readonly accepted_at: Date;
}

/** Adds an acceptance; one of the same version stays as it is. */
export async function insertAcceptance(
  tx: Tx,
  workspaceId: string,
  policyHash: Buffer,
  mode: string,
): Promise<void> {
  await tx.run(
    q
      .insertInto('privacy.acceptance')
      .values({ workspace_id: workspaceId, policy_hash: policyHash, mode })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'policy_hash']).doNothing()),
  );
}

/** By the primary key. */
export async function selectAcceptance(
  tx: Tx,
  workspaceId: string,
  policyHash: Buffer,
): Promise<AcceptanceRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'legal')
      .selectFrom('privacy.acceptance')
      .select(['policy_hash', 'mode', 'accepted_at'])
      .where('workspace_id', '=', workspaceId)
      .where('policy_hash', '=', policyHash),
  );
  return row;
}

export interface AttestationRow {
  readonly is_of_age: boolean;
  readonly attested_at: Date;
}

/** Writes what was said, in place of what was said before. */
export async function upsertAttestation(
  tx: Tx,
  workspaceId: string,
  isOfAge: boolean,
): Promise<AttestationRow> {
  const [row] = await tx.run(
    q
      .insertInto('privacy.age_attestation')
      .values({ workspace_id: workspaceId, is_of_age: isOfAge })
      .onConflict((conflict) =>
        conflict
          .column('workspace_id')
          .doUpdateSet({ is_of_age: isOfAge, attested_at: sql<Date>`(select platform.clock())` }),
      )
      .returning(['is_of_age', 'attested_at']),
  );
  return row!;
}

/** By the primary key. */
export async function selectAttestation(tx: Tx, workspaceId: string): Promise<AttestationRow | undefined> {
  const [row] = await tx.run(
    read(tx, 'legal')
      .selectFrom('privacy.age_attestation')
      .select(['is_of_age', 'attested_at'])
      .where('workspace_id', '=', workspaceId),
  );
  return row;
}
