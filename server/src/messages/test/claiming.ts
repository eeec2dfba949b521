// A claim made by hand, for tests of what is stored under it.
import type { ClaimedPart } from '../handoff.ts';
import { PER_PART, textOfParts } from './arrange.ts';
import type { Messaging } from './messaging.ts';

/** Claims one part of a message of two under a token of its own, as a process would. */
export async function claimBy(
  at: Messaging,
  token: string,
  messageId: string,
  sequence: number,
  workspaceId: string,
  connectorId: string,
): Promise<ClaimedPart> {
  await at.sql(
    `update messages.queue set sender_token = $1, epoch = epoch + 1 where message_id = $2 and sequence = $3`,
    [token, messageId, sequence],
  );
  return {
    outbound: {
      messageId,
      workspaceId,
      to: '+4915550999999',
      text: textOfParts(2),
      sender: null,
      encoding: 'gsm7',
      segments: 2,
      pricePerPartMicros: PER_PART,
    },
    sequence,
    lane: 1,
    token,
    epoch: 1,
    connectorId,
    attempts: 0,
    resent: false,
    tried: [],
    validUntil: new Date(Date.now() + 86_400_000 * 30),
  };
}
