// Public ids as they stand on a command line.
import { decodeId, type IdPrefix } from '@sotto/contract';
import { UsageFault } from '../shell.ts';

/** The row's id. Throws a UsageFault on text that is no id of that kind. */
export function uuidOf(prefix: IdPrefix, text: string): string {
  const uuid = decodeId(prefix, text);
  if (uuid === null) throw new UsageFault(`${text} is no id of the form ${prefix}_...`);
  return uuid;
}
