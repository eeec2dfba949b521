// The operator's own numbers and who has them. States of a number:
//
//   available --assign--> leased --unassign--> cooling --time--> quarantined --time--> available
//   available | quarantined --retire--> retired
//
// While it cools, late texts still go to the workspace that had it; in quarantine they go to nobody, so that the next
// tenant does not read what was meant for the last (Princeton 2021: most recycled numbers still opened accounts). The
// state is computed from times, so no job has to move it.
import { pageLimitMax } from '@sotto/contract/paging';
import { isWorkspaceOpen } from '#accounts';
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import {
  endAssignment,
  findNumberRow,
  insertAssignment,
  insertNumber,
  lockNumber,
  type NumberRow,
  type NumberStatus,
  selectNumberPage,
  selectSendable,
  setRetired,
} from './number.sql.ts';

/** Whether a number only receives, or may stand as sender too. */
export type NumberCapability = 'inbound' | 'two_way';

export interface InventoryNumber {
  readonly id: string;
  /** With `+`. A number of the operator, not of a person. */
  readonly e164: string;
  readonly connectorId: string;
  readonly capability: NumberCapability;
  readonly status: NumberStatus;
  /** Who has it, or had it while it cools. */
  readonly workspaceId: string | null;
  readonly assignedAt: Date | null;
  /** When cooling and quarantine end; null when neither is on. */
  readonly availableAt: Date | null;
  readonly createdAt: Date;
}

/** `number` is the state that stood against it, null where there is no such number. */
export type InventoryChange<Reason extends string> =
  | { readonly outcome: 'done'; readonly number: InventoryNumber }
  | { readonly outcome: 'refused'; readonly reason: Reason; readonly number: InventoryNumber | null };

/** Late texts go to the last tenant for a day: carriers try about that long. */
export const COOLING_MS = 86_400_000;
/** Then nobody gets the number for 45 days, the least a carrier in the USA waits (47 CFR 52.15(f)(1)(ii)). */
export const QUARANTINE_MS = 45 * 86_400_000;
/** Items of one page at most, and one that tells whether another follows. */
const PAGE_MAX = pageLimitMax + 1;

/**
 * Adds a number to the inventory, available at once. May be repeated: a number in use is refused as `already_there`.
 * Throws `invalid_request` for a connector that does not exist. Whether the number can exist in its numbering plan is
 * for the caller to know.
 */
export async function addNumber(
  tx: Tx,
  wanted: { readonly e164: string; readonly connectorId: string; readonly capability?: NumberCapability },
): Promise<InventoryChange<'already_there'>> {
  const id = newId();
  const added = await insertNumber(tx, { id, capability: 'two_way', ...wanted }).catch(
    refuseUnknownConnector,
  );
  if (!added) return { outcome: 'refused', reason: 'already_there', number: null };
  return { outcome: 'done', number: asNumber((await findNumberRow(tx, id))!) };
}

/** A number by id, or null. */
export async function findNumber(tx: Tx, id: string): Promise<InventoryNumber | null> {
  const row = await findNumberRow(tx, id);
  return row === undefined ? null : asNumber(row);
}

/** Numbers, newest first, those with an id below `before`, of one status if asked. For administrators. */
export async function listNumbers(
  tx: Tx,
  page: { readonly before: string | null; readonly limit: number; readonly status?: NumberStatus },
): Promise<InventoryNumber[]> {
  const rows = await selectNumberPage(tx, page.before, page.status ?? null, Math.min(page.limit, PAGE_MAX));
  return rows.map(asNumber);
}

/**
 * Gives an available number to a workspace, from now until it is taken back. Of several at once one succeeds; the
 * database excludes overlapping assignments whatever the code does. Not to be repeated: the second finds it leased.
 */
export async function assignNumber(
  tx: Tx,
  numberId: string,
  workspaceId: string,
): Promise<InventoryChange<'no_such_number' | 'no_such_workspace' | 'not_available'>> {
  const row = await lockNumber(tx, numberId);
  if (row === undefined) return { outcome: 'refused', reason: 'no_such_number', number: null };
  if (row.status !== 'available')
    return { outcome: 'refused', reason: 'not_available', number: asNumber(row) };
  if (!(await isWorkspaceOpen(tx, workspaceId)))
    return { outcome: 'refused', reason: 'no_such_workspace', number: asNumber(row) };
  await insertAssignment(tx, newId(), numberId, workspaceId);
  return { outcome: 'done', number: asNumber((await findNumberRow(tx, numberId))!) };
}

/**
 * Takes a number back: it cools, then rests, then is available. Times in milliseconds, zero allowed. Refused where
 * nobody has it, cooling included, so a repeated call does not prolong anything.
 */
export async function unassignNumber(
  tx: Tx,
  numberId: string,
  { coolingMs = COOLING_MS, quarantineMs = QUARANTINE_MS } = {},
): Promise<InventoryChange<'no_such_number' | 'not_leased'>> {
  const row = await lockNumber(tx, numberId);
  if (row === undefined) return { outcome: 'refused', reason: 'no_such_number', number: null };
  if (row.status !== 'leased') return { outcome: 'refused', reason: 'not_leased', number: asNumber(row) };
  await endAssignment(tx, numberId, coolingMs, quarantineMs);
  return { outcome: 'done', number: asNumber((await findNumberRow(tx, numberId))!) };
}

/** Retires a number for good, when it went back to the carrier. May be repeated. Refused while a workspace has it. */
export async function retireNumber(
  tx: Tx,
  numberId: string,
): Promise<InventoryChange<'no_such_number' | 'in_use'>> {
  const row = await lockNumber(tx, numberId);
  if (row === undefined) return { outcome: 'refused', reason: 'no_such_number', number: null };
  if (row.status === 'leased' || row.status === 'cooling')
    return { outcome: 'refused', reason: 'in_use', number: asNumber(row) };
  await setRetired(tx, numberId);
  return { outcome: 'done', number: asNumber((await findNumberRow(tx, numberId))!) };
}

/**
 * The numbers each of these workspaces may put as sender now: those it has, that are not cooling, and that are made for
 * it. Workspaces without any are left out. One statement.
 */
export async function sendableNumbers(
  tx: Tx,
  workspaceIds: readonly string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>();
  for (const { workspace_id, e164 } of await selectSendable(tx, arrays.uuid(workspaceIds))) {
    const numbers = found.get(workspace_id) ?? new Set();
    found.set(workspace_id, numbers.add(e164));
  }
  return found;
}

/** The foreign key finds it out; the transaction is lost, and the caller told which field is at fault. */
function refuseUnknownConnector(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== '23503' || constraint !== 'number_connector_id_fkey') throw error;
  throw new AppError('invalid_request', {
    field: 'connector_id',
    detail: 'There is no such connector.',
    cause: error,
  });
}

const asNumber = (row: NumberRow): InventoryNumber => ({
  id: row.id,
  e164: row.e164,
  connectorId: row.connector_id,
  capability: row.capability as NumberCapability,
  status: row.status as NumberStatus,
  workspaceId: row.workspace_id,
  assignedAt: row.assigned_at,
  availableAt: row.available_at,
  createdAt: row.created_at,
});
