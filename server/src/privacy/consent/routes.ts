// The routes of consent. The subject is the workspace itself, or a recipient whose consent it records.
import { decodeId, encodeId } from '@sotto/contract';
import {
  type Consent,
  type CurrentConsents,
  createConsent as createOperation,
  getCurrentConsents,
  listConsents,
  withdrawConsent as withdrawOperation,
} from '@sotto/contract/consents';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { actorOf } from '../audit/entry.ts';
import type { WorkspaceCaller } from '../caller.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { RememberedVerdicts } from '../processing/remembered-verdicts.ts';
import {
  type ConsentReceipt,
  type ConsentState,
  currentConsents,
  type Given,
  giveConsent,
  honourSignal,
  listReceipts,
  withdrawConsent,
} from './consents.ts';

export interface ConsentRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  /** What this process remembers of decisions, told at once of one it has recorded. */
  readonly verdicts: Pick<RememberedVerdicts, 'forget'>;
}

type Refused = Extract<Given, { outcome: 'refused' }>;

const REFUSALS: Readonly<Record<Refused['reason'], { readonly field: string; readonly detail: string }>> = {
  future: { field: 'decided_at', detail: 'It lies in the future.' },
  expired: { field: 'expires_at', detail: 'It lies in the past.' },
  not_theirs: { field: 'purpose', detail: 'A recipient consents to marketing only.' },
};

export const consentRoutes = ({ db, keyring, verdicts }: ConsentRoutesOptions): readonly Route[] => [
  reads(listConsents, async ({ caller, query }: Call<typeof listConsents, WorkspaceCaller>) => {
    const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
    const found = await db.tenant(caller.workspaceId, (tx) => listReceipts(tx, caller.workspaceId, page));
    return pageAnswer(found, query.limit, ({ id }) => id, present);
  }),
  reads(getCurrentConsents, async (call: Call<typeof getCurrentConsents, WorkspaceCaller>) => {
    const { workspaceId } = call.caller;
    if (call.optsOutOfSale) {
      await db.batch((tx) => honourSignal(tx, keyring, workspaceId, actorOf(call)));
      verdicts.forget();
    }
    const states = await db.tenant(workspaceId, (tx) => currentConsents(tx, keyring, workspaceId));
    return presentCurrent(states, call.optsOutOfSale);
  }),
  inTransaction(
    createOperation,
    async (call: Call<typeof createOperation, WorkspaceCaller>, tx) => {
      const { body } = call;
      const { workspaceId } = call.caller;
      if (call.optsOutOfSale && body.purpose === 'sale_sharing') {
        throw new AppError('conflict', {
          field: 'purpose',
          detail: 'The request carries Sec-GPC: 1, which opts out of what it would consent to.',
        });
      }
      if (call.optsOutOfSale) await honourSignal(tx, keyring, workspaceId, actorOf(call));
      const given = await giveConsent(
        tx,
        keyring,
        workspaceId,
        {
          subject:
            body.recipient === undefined
              ? { kind: 'workspace' }
              : { kind: 'recipient', number: body.recipient },
          purpose: body.purpose,
          policyHash: Buffer.from(body.policy_hash, 'hex'),
          method: body.method,
          ...(body.decided_at === undefined ? {} : { decidedAt: new Date(body.decided_at) }),
          ...(body.expires_at === undefined ? {} : { expiresAt: new Date(body.expires_at) }),
        },
        actorOf(call),
      );
      if (given.outcome === 'refused') throw new AppError('invalid_request', REFUSALS[given.reason]);
      return present(given.receipt);
    },
    { committed: async () => verdicts.forget() },
  ),
  inTransaction(
    withdrawOperation,
    async (call: Call<typeof withdrawOperation, WorkspaceCaller>, tx) => {
      const id = decodeId('cns', call.params.id);
      if (id === null) throw new AppError('not_found');
      const { workspaceId } = call.caller;
      const withdrawn = await withdrawConsent(tx, keyring, workspaceId, id, call.body.method, actorOf(call));
      switch (withdrawn.outcome) {
        case 'withdrawn':
          return present(withdrawn.receipt);
        case 'unknown':
          throw new AppError('not_found');
        case 'not_consent':
          throw new AppError('conflict', { detail: 'The record is no consent that was given.' });
      }
    },
    { committed: async () => verdicts.forget() },
  ),
];

const present = (receipt: ConsentReceipt): Consent => ({
  id: encodeId('cns', receipt.id),
  subject: { kind: receipt.subjectKind, pseudonym: receipt.pseudonym.toString('base64url') },
  purpose: receipt.purpose,
  decision: receipt.decision,
  method: receipt.method,
  policy_hash: receipt.policyHash?.toString('hex') ?? null,
  decided_at: receipt.decidedAt.toISOString(),
  expires_at: receipt.expiresAt?.toISOString() ?? null,
  withdraws: publicId(receipt.withdraws),
  withdrawn_by: publicId(receipt.withdrawnBy),
  recorded_at: receipt.recordedAt.toISOString(),
});

const presentCurrent = (states: readonly ConsentState[], signalled: boolean): CurrentConsents => ({
  data: states.map(({ purpose, state, since, expiresAt, receiptId }) => ({
    purpose,
    state,
    since: since?.toISOString() ?? null,
    expires_at: expiresAt?.toISOString() ?? null,
    receipt_id: publicId(receiptId),
  })),
  global_privacy_control: {
    signalled,
    opted_out: states.some(({ purpose, state }) => purpose === 'sale_sharing' && state === 'objected'),
  },
});

const publicId = (id: string | null) => (id === null ? null : encodeId('cns', id));
