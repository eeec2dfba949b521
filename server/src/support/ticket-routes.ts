// The routes by which a workspace asks for help.
import { decodeId } from '@sotto/contract';
import {
  closeTicket as closeOperation,
  createTicket as createOperation,
  getTicket as getOperation,
  listTickets as listOperation,
  replyToTicket as replyOperation,
} from '@sotto/contract/tickets';
import type { WorkspacePrincipal } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { type Desk, openTicket } from './opening.ts';
import { presentConversation, presentItem, presentState } from './present.ts';
import { closeAsRequester, findConversation, listTickets, replyAsRequester } from './tickets.ts';

export interface TicketRoutesOptions extends Desk {
  readonly db: Database;
}

export function ticketRoutes({ db, ...desk }: TicketRoutesOptions): readonly Route[] {
  const { keyring } = desk;
  return [
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, WorkspacePrincipal>) => {
      const page = { before: positionOf(query.cursor), limit: query.limit + 1 };
      const found = await listTickets(db, desk, caller.workspaceId, page);
      return pageAnswer(found, query.limit, ({ id }) => id, presentItem);
    }),
    inTransaction(
      createOperation,
      async ({ caller, body }: Call<typeof createOperation, WorkspacePrincipal>, tx) => {
        const { workspaceId } = caller;
        const opened = await openTicket(tx, desk, { workspaceId, channel: 'form', ...body });
        if (opened.outcome === 'too_many') throw tooMany();
        return presentState(opened.ticket);
      },
    ),
    reads(getOperation, async ({ caller, params }: Call<typeof getOperation, WorkspacePrincipal>) => {
      const id = ticketId(params.id);
      const found = await findConversation(db, desk, caller.workspaceId, id);
      if (found === undefined) throw new AppError('not_found');
      return presentConversation(found);
    }),
    inTransaction(
      replyOperation,
      async ({ caller, params, body }: Call<typeof replyOperation, WorkspacePrincipal>, tx) => {
        const replied = await replyAsRequester(tx, desk, caller.workspaceId, ticketId(params.id), body.text);
        switch (replied.outcome) {
          case 'added':
            return presentState(replied.ticket);
          case 'unknown':
            throw new AppError('not_found');
          case 'ended':
            throw new AppError('conflict', { detail: 'It has been closed for too long: open a new ticket.' });
          case 'full':
            throw full();
        }
      },
    ),
    inTransaction(
      closeOperation,
      async ({ caller, params }: Call<typeof closeOperation, WorkspacePrincipal>, tx) => {
        const closed = await closeAsRequester(tx, keyring, caller.workspaceId, ticketId(params.id));
        if (closed === undefined) throw new AppError('not_found');
        return presentState(closed);
      },
    ),
  ];
}

/** The id of a path. Throws `not_found` for one of another form. */
export function ticketId(text: string): string {
  const id = decodeId('tkt', text);
  if (id === null) throw new AppError('not_found');
  return id;
}

export const tooMany = () =>
  new AppError('conflict', { detail: 'As many tickets are open as may be: close one, or write in it.' });
export const full = () =>
  new AppError('conflict', { detail: 'It has as many messages as a ticket may have: open a new one.' });
