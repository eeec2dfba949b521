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
      const [text] = await readTexts(options, caller.workspaceId, { only, before: null, limit: 1 });
      if (text === undefined) throw new AppError('not_found');
      return presentInbound(text);
    },
  ),
];

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

const inventoryRoutes = ({ db }: NumbersRoutesOptions): readonly Route[] => [
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
  inTransaction(createOperation, async ({ body }: Call<typeof createOperation, unknown>, tx) => {
    // Lengths of the numbering plan, not its leading digits: plans change faster than releases.
    if (!isPossiblePhoneNumber(body.number)) throw new AppError('invalid_number', { field: 'number' });
    const connectorId = decodeId('con', body.connector_id);
    if (connectorId === null) throw noConnector();
    return changed(
      await addNumber(tx, { e164: body.number, connectorId }).catch((error: unknown) => {
        throw (error as { code?: unknown }).code === FOREIGN_KEY_VIOLATION ? noConnector() : error;
      }),
    );
  }),
  inTransaction(assignOperation, async ({ params, body }: Call<typeof assignOperation, unknown>, tx) => {
    const workspaceId = decodeId('wrk', body.workspace_id);
    if (workspaceId === null) throw refusalOf('no_such_workspace');
    return changed(await assignNumber(tx, rowId(params.id), workspaceId));
  }),
  inTransaction(unassignOperation, ({ params }: Call<typeof unassignOperation, unknown>, tx) =>
    byId(tx, params.id, unassignNumber),
  ),
  inTransaction(retireOperation, ({ params }: Call<typeof retireOperation, unknown>, tx) =>
    byId(tx, params.id, retireNumber),
  ),
];

const FOREIGN_KEY_VIOLATION = '23503';

/** Why a change of the inventory was refused, over all changes. */
type Reason =
  | 'already_there'
  | 'no_such_number'
  | 'no_such_workspace'
  | 'not_available'
  | 'not_leased'
  | 'in_use';

const byId = async (
  tx: Tx,
  publicId: string,
  change: (tx: Tx, id: string) => Promise<InventoryChange<Reason>>,
): Promise<NumberAnswer> => changed(await change(tx, rowId(publicId)));

function changed(change: InventoryChange<Reason>): NumberAnswer {
  if (change.outcome === 'refused') throw refusalOf(change.reason);
  return presentNumber(change.number);
}

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
