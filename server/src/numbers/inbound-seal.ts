// Where the sealed values of inbound texts belong: under the inbound content key of the workspace and the day of the
// row's id, so that a day of a workspace can be destroyed at once.
import { idTimeMs } from '#platform/ids';
import { type KeyRef, type Keyring, type Place, utcDay } from '#privacy';

/** The key of a row of this workspace with this id. */
export const contentKey = (workspaceId: string, id: string): KeyRef => ({
  class: 'content_inbound',
  workspaceId,
  day: utcDay(idTimeMs(id)),
});

type InboundColumn =
  | 'numbers.inbound.sender'
  | 'numbers.inbound.content'
  | 'numbers.inbound_set.sender'
  | 'numbers.inbound_part.content';

/** The place of a value in the row `id`; a part lies in its set's row, told apart by its number. */
export const placeOf = (
  keyring: Keyring,
  column: InboundColumn,
  workspaceId: string,
  id: string,
  sequence?: number,
): Place => ({
  column,
  rowId: sequence === undefined ? id : `(${id},${sequence})`,
  ownerId: workspaceId,
  keyId: keyring.keyId(contentKey(workspaceId, id)),
});

export const SENDER_INDEX = 'numbers.inbound.sender_index';
export const SET_SENDER_INDEX = 'numbers.inbound_set.sender_index';
export const SET_INDEX = 'numbers.inbound_set.set_index';
