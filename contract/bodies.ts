// Answers that are not JSON objects.
import * as z from 'zod';

/** The answer of 204: nothing. */
export const noContent = z.undefined().describe('Done; there is nothing more to say.');

/** The body of an operation that takes none: nothing, or an object without fields, which some clients send. */
export const emptyBody = z.strictObject({});

const mediaTypes = z.registry<{ mediaType: string }>();

/** An answer that is text of another media type. */
export function textBody(mediaType: string, description: string): z.ZodString {
  const schema = z.string().describe(description);
  mediaTypes.add(schema, { mediaType });
  return schema;
}

/** Media type of an answer that is octets. */
export const OCTETS = 'application/octet-stream';

/** An answer that is octets. */
export function octetsBody(description: string): z.ZodType<Uint8Array> {
  const schema = z.string().meta({ format: 'binary' }).describe(description);
  mediaTypes.add(schema, { mediaType: OCTETS });
  return schema as unknown as z.ZodType<Uint8Array>;
}

/** The media type of an answer, or null when it is empty. */
export function mediaTypeOf(schema: z.ZodType): string | null {
  if (schema === noContent) return null;
  return mediaTypes.get(schema)?.mediaType ?? 'application/json';
}
