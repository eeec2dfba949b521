// The routes of messages: from a checked request to the face and back.
import { checkSendMessage } from '@sotto/contract';
import { batchProblemOf } from '@sotto/contract/message-batch';
import {
  cancelMessage as cancelOperation,
  deleteMessage as deleteOperation,
  getMessage as getOperation,
  listMessages as listOperation,
  previewMessage as previewOperation,
  searchMessages as searchOperation,
  sendMessage,
  sendMessageBatch,
} from '@sotto/contract/messages';
import type { WorkspacePrincipal } from '#accounts';
import { decodeCursor, encodeCursor } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type BodyCheck, byItself, type Call, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { actorOf } from '#privacy/audit';
import type { ErasureRecorder } from '#privacy/erasures';
import type { RetentionLimits } from '#privacy/retention';
import type { Acceptance } from './acceptance.ts';
import { acceptedAnswer, isRefused } from './answers.ts';
import { cancelMessage, eraseMessage } from './changing.ts';
import { messageKeeping } from './keeping.ts';
import type { ItemRefusal } from './preparation.ts';
import { previewMessage } from './previewing.ts';
import { getMessage, listMessages, type Page, searchMessages } from './reading.ts';
import { isReachable } from './recipient.ts';
import type { Tariff } from './tariff.ts';

export { type TariffRoutesOptions, tariffRoutes } from './tariff-routes.ts';

export interface MessageRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly acceptance: Acceptance;
  readonly tariff: () => Tariff;
  readonly limits: RetentionLimits;
  /** Drops content of erased or cancelled messages from this process's memory. */
  readonly forget: (messageIds: readonly string[]) => void;
  /** Where erasures are remembered, so that no restore brings them back. */
  readonly erasures: ErasureRecorder;
}

type By<Op extends Parameters<typeof reads>[0]> = Call<Op, WorkspacePrincipal>;

const fastCheck: BodyCheck = (body) => {
  const checked = checkSendMessage(body);
  if (checked.ok) return checked;
  const { field, code, message } = checked;
  return { ok: false, faults: [{ field, code, message }] };
};

const pageAnswer = (page: Page) => ({
  data: [...page.messages],
  next_cursor: page.next === null ? null : encodeCursor(page.next),
});

const below = (cursor: string | undefined) => (cursor === undefined ? null : decodeCursor(cursor));
const instant = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

export function messageRoutes({
  db,
  keyring,
  acceptance,
  tariff,
  limits,
  forget,
  erasures,
}: MessageRoutesOptions): readonly Route[] {
  const keeping = messageKeeping(limits);
  return [
    byItself(
      sendMessage,
      async ({ caller, body, idempotency }: By<typeof sendMessage>) =>
        acceptedAnswer(await acceptance.acceptOne(caller, body, idempotency), body.to),
      fastCheck,
    ),
    byItself(sendMessageBatch, (call: By<typeof sendMessageBatch>) => sendBatch(acceptance, call)),
    reads(previewOperation, async ({ caller, body }: By<typeof previewOperation>) =>
      previewMessage(body, caller, tariff(), keeping),
    ),
    reads(listOperation, async ({ caller, query }: By<typeof listOperation>) =>
      pageAnswer(
        await listMessages(
          db,
          keyring,
          caller.workspaceId,
          {
            status: query.status,
            createdAfter: instant(query.created_after),
            createdBefore: instant(query.created_before),
            below: below(query.cursor),
            limit: query.limit,
          },
          keeping,
        ),
      ),
    ),
    reads(searchOperation, async ({ caller, body }: By<typeof searchOperation>) => {
      if (!isReachable(body.to)) throw new AppError('invalid_number', { field: 'to' });
      return pageAnswer(
        await searchMessages(
          db,
          keyring,
          caller.workspaceId,
          body.to,
          below(body.cursor),
          body.limit,
          keeping,
        ),
      );
    }),
    reads(getOperation, ({ caller, params }: By<typeof getOperation>) =>
      getMessage(db, keyring, caller.workspaceId, params.id, keeping),
    ),
    reads(cancelOperation, async ({ caller, params }: By<typeof cancelOperation>) => {
      const message = await cancelMessage(db, keyring, caller.workspaceId, params.id, keeping);
      return message;
    }),
    byItself(deleteOperation, async (call: By<typeof deleteOperation>) => {
      const { caller, params } = call;
      await eraseMessage({ db, keyring, erasures }, caller.workspaceId, params.id, forget, actorOf(call));
      return undefined as never;
    }),
  ];
}

/** Decides each item alone: those of the wrong form are refused here, the others by acceptance. */
async function sendBatch(acceptance: Acceptance, { caller, body, idempotency }: By<typeof sendMessageBatch>) {
  const items = body.messages.map((item) => {
    const checked = checkSendMessage(item);
    if (checked.ok) return checked.value;
    const refusal: ItemRefusal = { code: checked.code, field: checked.field, detail: checked.message };
    return refusal;
  });
  const facts = await acceptance.acceptMany(
    caller,
    items,
    idempotency === null
      ? null
      : (chunk) => ({ keyMac: idempotency.chunk(chunk), requestMac: idempotency.requestMac }),
  );
  return {
    data: facts.map((fact, at) => {
      if (!isRefused(fact))
        return { message: acceptedAnswer(fact, (body.messages[at] as { to: string }).to) };
      return {
        error: batchProblemOf(fact.code, {
          ...(fact.field === null ? {} : { field: fact.field }),
          ...(fact.detail === null ? {} : { detail: fact.detail }),
        }),
      };
    }),
  };
}
