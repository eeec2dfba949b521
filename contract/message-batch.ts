// Many messages in one request, each decided alone: one bad number never costs the others.
import * as z from 'zod';
import { acceptedMessageSchema } from './message.ts';
import { problemSchema } from './problem.ts';
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

/** Exactly one of the two. */
export const batchOutcomeSchema = z
  .union([
    z.strictObject({ message: acceptedMessageSchema }),
    z.strictObject({ error: problemSchema.omit({ request_id: true }).meta({ id: 'BatchProblem' }) }),
  ])
  .meta({ id: 'BatchOutcome', description: 'What became of one message of a batch.' });

export const batchAnswerSchema = z
  .strictObject({
    data: z.array(batchOutcomeSchema).max(batchMessagesMax).describe('In the order of the request.'),
  })
  .meta({ id: 'BatchAnswer' });

export type MessageBatch = z.output<typeof messageBatchSchema>;
export type BatchOutcome = z.output<typeof batchOutcomeSchema>;
