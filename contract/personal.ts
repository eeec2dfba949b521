// Marks on schemas whose values belong to a person or open a door. The mark reaches the OpenAPI document as
// `x-sotto-personal`, and a test pins the whole list: taking a mark away is the change under review.
import type * as z from 'zod';

/**
 * number: of a recipient or sender; content: what was written; secret: shown once, never stored; note: free text of
 * a customer, which may name anyone; network: where a customer calls from; email: a person's address.
 */
export type PersonalKind = 'number' | 'email' | 'content' | 'secret' | 'note' | 'network';

export const PERSONAL_MARK = 'x-sotto-personal';

/** The same schema, marked. Logs, traces and stored answers must not carry its value in the clear. */
export function personal<Schema extends z.ZodType>(kind: PersonalKind, schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), [PERSONAL_MARK]: kind }) as Schema;
}
