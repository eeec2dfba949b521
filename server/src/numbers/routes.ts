// The routes of numbers: texts for their workspace, the inventory for administrators.
import { decodeId, encodeId } from '@sotto/contract';
import {
  assignNumber as assignOperation,
  createNumber as createOperation,
  listNumbers as listOperation,
  type InventoryNumber as NumberAnswer,
  retireNumber as retireOperation,
  unassignNumber as unassignOperation,
} from '@sotto/contract/admin/numbers';
import {
  getInbound as getInboundOperation,
  type InboundMessage as InboundAnswer,
  listInbound as listInboundOperation,
} from '@sotto/contract/inbound';
import { extractCode } from '@sotto/text';
import { isPossiblePhoneNumber } from 'libphonenumber-js/min';
import type { WorkspacePrincipal } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditEntry, type AuditedCaller, actorOf, record } from '#privacy/audit';
import type { RetentionLimits } from '#privacy/retention';
import type { StoredContentMode } from './content-mode.ts';
import type { InboundPage } from './inbound-list.sql.ts';
import { type InboundMessage, listInbound } from './inbound-list.ts';
import {
  addNumber,
  assignNumber,
  type InventoryChange,
  type InventoryNumber,
  listNumbers,
  retireNumber,
  unassignNumber,
} from './inventory.ts';
import type { MemoryReader } from './memory/memory-list.ts';

export interface NumbersRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly limits: RetentionLimits;
  /** How stored texts are kept; by the day when absent. */
  readonly inboundMode?: StoredContentMode;
  /** Reads texts that are in memory alone; null where all are stored. */
  readonly memoryReader?: MemoryReader | null;
}

export const numbersRoutes = (options: NumbersRoutesOptions): readonly Route[] => [
  ...inboundRoutes(options),
  ...inventoryRoutes(options),
];

const inboundRoutes = (options: NumbersRoutesOptions): readonly Route[] => [
  reads(
    listInboundOperation,
    async ({ caller, query }: Call<typeof listInboundOperation, WorkspacePrincipal>) => {
      const page: InboundPage = {
        before: positionOf(query.cursor),
        limit: query.limit + 1,
        ...keptFor(options),
        given: query.limit,
        ...(query.received_after === undefined ? {} : { receivedFrom: new Date(query.received_after) }),
        ...(query.received_before === undefined ? {} : { receivedBefore: new Date(query.received_before) }),
      };
      const found = await readTexts(options, caller.workspaceId, page);
      return pageAnswer(found, query.limit, ({ id }) => id, presentInbound);
    },
  ),
  reads(
    getInboundOperation,
    async ({ caller, params }: Call<typeof getInboundOperation, WorkspacePrincipal>) => {
      const only = decodeId('inb', params.id);
      if (only === null) throw new AppError('not_found');
      const [text] = await readTexts(options, caller.workspaceId, {
        only,
        before: null,
        limit: 1,
        ...keptFor(options),
      });
      if (text === undefined) throw new AppError('not_found');
      return presentInbound(text);
    },
  ),
];

/** How long the policy keeps texts, where it bounds them. */
function keptFor({ limits }: NumbersRoutesOptions): Pick<InboundPage, 'keptFor'> {
  const limit = limits.get('inbound_content');
  return limit === undefined ? {} : { keptFor: limit.duration };
}

/** Texts wherever they are: those stored under an earlier policy stay readable beside those in memory. */
async function readTexts(
  { db, keyring, inboundMode, memoryReader = null }: NumbersRoutesOptions,
  workspaceId: string,
  page: InboundPage,
): Promise<InboundMessage[]> {
  const stored = await listInbound(db, keyring, workspaceId, page, inboundMode);
  const held = memoryReader === null ? [] : await memoryReader(workspaceId, page);
  return [...stored, ...held].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, page.limit);
}

const inventoryRoutes = ({ db, keyring }: NumbersRoutesOptions): readonly Route[] => {
  /** The answer to a change that was made, which the audit trail gets in the same transaction. */
  async function changed(
    tx: Tx,
    call: { readonly caller: AuditedCaller; readonly requestId: string },
    action: AuditEntry['action'],
    change: InventoryChange<Reason>,
  ): Promise<NumberAnswer> {
    if (change.outcome === 'refused') throw refusalOf(change.reason);
    const { id } = change.number;
    await record(tx, keyring, { action, actor: actorOf(call), object: { kind: 'number', id } });
    return presentNumber(change.number);
  }

  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, unknown>) => {
      const found = await db.batch((tx) =>
        listNumbers(tx, {
          before: positionOf(query.cursor),
          limit: query.limit + 1,
          ...(query.status === undefined ? {} : { status: query.status }),
        }),
      );
      return pageAnswer(found, query.limit, ({ id }) => id, presentNumber);
    }),
    inTransaction(createOperation, async (call: Call<typeof createOperation, AuditedCaller>, tx) => {
      const { body } = call;
      // Lengths of the numbering plan, not its leading digits: plans change faster than releases.
      if (!isPossiblePhoneNumber(body.number)) throw new AppError('invalid_number', { field: 'number' });
      const connectorId = decodeId('con', body.connector_id);
      if (connectorId === null) throw noConnector();
      const added = await addNumber(tx, { e164: body.number, connectorId }).catch((error: unknown) => {
        throw (error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION ? noConnector() : error;
      });
      return changed(tx, call, 'number.created', added);
    }),
    inTransaction(assignOperation, async (call: Call<typeof assignOperation, AuditedCaller>, tx) => {
      const workspaceId = decodeId('wrk', call.body.workspace_id);
      if (workspaceId === null) throw refusalOf('no_such_workspace');
      const assigned = await assignNumber(tx, rowId(call.params.id), workspaceId);
      return changed(tx, call, 'number.assigned', assigned);
    }),
    inTransaction(unassignOperation, async (call: Call<typeof unassignOperation, AuditedCaller>, tx) =>
      changed(tx, call, 'number.unassigned', await unassignNumber(tx, rowId(call.params.id))),
    ),
    inTransaction(retireOperation, async (call: Call<typeof retireOperation, AuditedCaller>, tx) =>
      changed(tx, call, 'number.retired', await retireNumber(tx, rowId(call.params.id))),
    ),
  ];
};

const FOREIGN_KEY_VIOLATION = '23503';

/** Why a change of the inventory was refused, over all changes. */
type Reason =
  | 'already_there'
  | 'no_such_number'
  | 'no_such_workspace'
  | 'not_available'
  | 'not_leased'
  | 'in_use';

function refusalOf(reason: Reason): AppError {
  switch (reason) {
    case 'no_such_number':
      return new AppError('not_found');
    case 'no_such_workspace':
      return new AppError('invalid_request', {
        field: 'workspace_id',
        detail: 'There is no such workspace, or it is closed.',
      });
    case 'already_there':
      return new AppError('conflict', { field: 'number', detail: 'The number is in the inventory.' });
    case 'not_available':
      return new AppError('conflict', { detail: 'The number is not available.' });
    case 'not_leased':
      return new AppError('conflict', { detail: 'No workspace has the number.' });
    case 'in_use':
      return new AppError('conflict', { detail: 'A workspace has the number, or it cools.' });
  }
}

const noConnector = () =>
  new AppError('invalid_request', { field: 'connector_id', detail: 'There is no such connector.' });

function rowId(publicId: string): string {
  const id = decodeId('num', publicId);
  if (id === null) throw new AppError('not_found');
  return id;
}

const presentNumber = (number: InventoryNumber): NumberAnswer => ({
  id: encodeId('num', number.id),
  number: number.e164,
  connector_id: encodeId('con', number.connectorId),
  status: number.status,
  workspace_id: number.workspaceId === null ? null : encodeId('wrk', number.workspaceId),
  assigned_at: number.assignedAt?.toISOString() ?? null,
  available_at: number.availableAt?.toISOString() ?? null,
  created_at: number.createdAt.toISOString(),
});

const presentInbound = (message: InboundMessage): InboundAnswer => ({
  id: encodeId('inb', message.id),
  from: message.from,
  to: message.to,
  text: message.text,
  segments: message.segments,
  complete: message.complete,
  code: message.text === null ? null : certainCode(message.text),
  received_at: message.receivedAt.toISOString(),
  retention: message.retention,
});

/** The code of a text, unless it is a guess: a wrong code in a field of its own would be typed in. */
function certainCode(text: string): string | null {
  const found = extractCode(text);
  return found === null || found.confidence === 'unsure' ? null : found.code;
}
