// Where the document says more than the check does at once: a schema may be shown as another one.
import type * as z from 'zod';

const shownAs = new WeakMap<z.core.$ZodType, z.ZodType>();

/** The schema `actual`, documented as `shown`: for values that are checked later, one by one. */
export function describedAs<Actual extends z.ZodType>(shown: z.ZodType, actual: Actual): Actual {
  shownAs.set(actual, shown);
  return actual;
}

/** What a schema is documented as, if not as itself. */
export const shownSchemaOf = (schema: z.core.$ZodType): z.ZodType | undefined => shownAs.get(schema);
