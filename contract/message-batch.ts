// Many messages in one request, each decided alone: one bad number never costs the others.
import * as z from 'zod';
import type { ErrorCode } from './errors.ts';
import { acceptedMessageSchema } from './message.ts';
import { type ProblemFacts, problemOf, problemSchema } from './problem.ts';
import { sendMessageSchema } from './send-message.ts';
import { says } from './sentences.ts';
import { describedAs } from './wire.ts';

export const batchMessagesMax = 10_000;
/** 10,000 messages of ordinary size; a batch of longest texts has to be split. */
export const batchBytesMax = 16 * 1024 * 1024;

const sentence = says('invalid_request', `must be a list of 1 to ${batchMessagesMax} messages.`);

/** Items are left unread here: the server puts each through `checkSendMessage` and answers it for itself. */
export const messageBatchSchema = z
  .strictObject({
    messages: z
      .array(describedAs(sendMessageSchema, z.unknown()), { error: sentence })
      .min(1, { error: sentence })
      .max(batchMessagesMax, { error: sentence }),
  })
  .meta({ id: 'MessageBatch' });

/** A problem of one message: as any other, but the request it belongs to is the batch's. */
const batchProblemSchema = problemSchema.omit({ request_id: true }).meta({ id: 'BatchProblem' });

/** Exactly one of the two. */
export const batchOutcomeSchema = z
  .union([z.strictObject({ message: acceptedMessageSchema }), z.strictObject({ error: batchProblemSchema })])
  .meta({ id: 'BatchOutcome', description: 'What became of one message of a batch.' });

export const batchAnswerSchema = z
  .strictObject({
    data: z.array(batchOutcomeSchema).max(batchMessagesMax).describe('In the order of the request.'),
  })
  .meta({ id: 'BatchAnswer' });

export type BatchProblem = z.output<typeof batchProblemSchema>;
export type MessageBatch = z.output<typeof messageBatchSchema>;
export type BatchOutcome = z.output<typeof batchOutcomeSchema>;

/** The problem of one message of a batch. Fields are named within the message: `to`, not `messages[3].to`. */
export function batchProblemOf(code: ErrorCode, facts: Omit<ProblemFacts, 'requestId'>): BatchProblem {
  const { request_id: _, ...problem } = problemOf(code, { ...facts, requestId: '' });
  return problem;
}
