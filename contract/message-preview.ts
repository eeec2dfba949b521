// What a text would become: alphabet, segments, price, and what a plainer spelling would save. Nothing is sent.
import * as z from 'zod';
import { encodings } from './message.ts';
import { moneySchema } from './money.ts';
import { personal } from './personal.ts';
import { phoneNumberSchema } from './phone-number.ts';
import { segmentsMax } from './send-message.ts';

const layoutFields = {
  encoding: z.enum(encodings),
  segments: z.int().min(1).max(segmentsMax),
  units: z.int().min(0).describe('Septets in gsm7, UTF-16 code units in ucs2.'),
  units_per_segment: z.int().min(1).describe('How many units one segment of this message holds.'),
  price: moneySchema.describe('For all segments together.'),
};

export const messagePreviewSchema = z
  .strictObject({
    to: phoneNumberSchema,
    from: z.string().nullable().describe('The sender that would be shown; null while the route decides.'),
    ...layoutFields,
    costly_characters: z
      .array(z.string())
      .max(100)
      .describe('Characters outside the GSM alphabet, which force ucs2; each once, in order of appearance.'),
    transliteration: z
      .strictObject({ text: personal('content', z.string()), ...layoutFields })
      .nullable()
      .describe('A spelling in the GSM alphabet, where one exists and takes fewer segments. Only an offer.'),
  })
  .meta({ id: 'MessagePreview' });

export type MessagePreview = z.output<typeof messagePreviewSchema>;
