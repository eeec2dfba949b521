// Lists: `{data, next_cursor}`, newest first, walked with `?limit=&cursor=`. A cursor is opaque and stays good
// while rows come and go; it names a position, not an offset.
import * as z from 'zod';
import { says } from './sentences.ts';

export const pageLimitMax = 200;
export const pageLimitDefault = 50;
const cursorLengthMax = 512;

const limitSentence = says('invalid_request', `must be a whole number from 1 to ${pageLimitMax}.`);
const cursorSentence = says('invalid_cursor', 'must be a next_cursor of an earlier answer, unchanged.');

/** A limit in a query string, where everything is text: read explicitly, refused unless it is plain digits. */
const limitText = z
  .string({ error: limitSentence })
  .regex(/^\d{1,3}$/, { error: limitSentence, abort: true })
  .transform(Number)
  .pipe(z.int().min(1, { error: limitSentence }).max(pageLimitMax, { error: limitSentence }))
  .default(pageLimitDefault);

/** A limit in a body, where numbers are numbers. */
const limitNumber = z
  .int({ error: limitSentence })
  .min(1, { error: limitSentence })
  .max(pageLimitMax, { error: limitSentence })
  .default(pageLimitDefault);

const cursor = z
  .string({ error: cursorSentence })
  .regex(/^[A-Za-z0-9_-]+$/, { error: cursorSentence })
  .max(cursorLengthMax, { error: cursorSentence })
  .optional()
  .describe('Where to go on: `next_cursor` of the answer before.');

export const pageQueryFields = {
  limit: limitText.describe('How many items at most.'),
  cursor,
};

export const pageBodyFields = {
  limit: limitNumber.describe('How many items at most.'),
  cursor,
};

/** One page of items. Filters may leave a page short or empty while more follow: only `next_cursor` says. */
export const pageOf = <Item extends z.ZodType>(name: string, item: Item) =>
  z
    .strictObject({
      data: z.array(item),
      next_cursor: z
        .string()
        .nullable()
        .describe(
          'Pass it as `cursor` for the next page; null on the last. A short page need not be the last.',
        ),
    })
    .meta({ id: name });
