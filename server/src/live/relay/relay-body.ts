// The bodies of a relay's frames, read strictly: the other end may be of another release.
import * as z from 'zod';
import { DEPOSIT_PIECES_MAX, type MemoryText } from '#numbers';

const TEXTS_MAX = 1_000;
const id = z.string().max(64);
const form = z.enum(['text', 'octets']);
const ms = z.number().nullable();

const concat = z.strictObject({
  reference: z.int(),
  bits: z.union([z.literal(8), z.literal(16)]),
  total: z.int(),
  sequence: z.int(),
});

export const depositBody = z.strictObject({
  token: id,
  pieces: z
    .array(
      z.strictObject({
        assignmentId: id,
        epoch: z.string().regex(/^\d{1,19}$/),
        workspaceId: id,
        connectorId: id,
        from: z.string(),
        to: z.string(),
        form,
        content: z.string(),
        concat: concat.nullable(),
        possibleRepeat: z.boolean(),
      }),
    )
    .max(DEPOSIT_PIECES_MAX),
});

export const depositAnswer = z.array(z.enum(['stored', 'waiting', 'duplicate', 'refused']));

export const readBody = z.strictObject({
  token: id,
  workspaceId: id,
  only: id.nullable(),
  before: id.nullable(),
  limit: z.int().min(0).max(TEXTS_MAX),
  given: z.int().min(0).max(TEXTS_MAX),
  receivedFrom: ms,
  receivedBefore: ms,
});

export const readAnswer = z.array(
  z
    .strictObject({
      id,
      from: z.string(),
      to: z.string(),
      form,
      content: z.base64(),
      segments: z.int(),
      complete: z.boolean(),
      receivedAt: z.number(),
    })
    .transform((text): MemoryText => ({ ...text, content: Buffer.from(text.content, 'base64') })),
);

/** Texts as an answer carries them. */
export const writeTexts = (texts: readonly MemoryText[]) =>
  texts.map((text) => ({ ...text, content: text.content.toString('base64') }));

/** Why a request was not served, in words of our own. */
export const faultBody = z.strictObject({ fault: z.enum(['stale', 'failed']) });
