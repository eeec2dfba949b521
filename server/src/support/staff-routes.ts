// The routes by which staff answer tickets.
import { decodeId, encodeId, moneyOf } from '@sotto/contract';
import {
  answerTicket as answerOperation,
  closeTicketAsStaff as closeOperation,
  listWaitingTickets as listOperation,
  noteCall as noteOperation,
  openTicketByPhone as openOperation,
  readTicketAsStaff as readOperation,
  takeTicket as takeOperation,
} from '@sotto/contract/admin/tickets';
import { type AdminPrincipal, isWorkspaceOpen } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import { AppError, assertInvariant } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import { actorOf } from '#privacy/audit';
import { openTicket } from './opening.ts';
import { presentConversation, presentState } from './present.ts';
import {
  type Agent,
  answerTicket,
  closeAsStaff,
  listWaiting,
  lookAtTicket,
  note,
  noteCall,
  noWindow,
  takeTicket,
  underRestriction,
  type WaitingTicket,
} from './staff.ts';
import { type TicketRoutesOptions, ticketId, tooMany } from './ticket-routes.ts';

export function staffRoutes({ db, ...desk }: TicketRoutesOptions): readonly Route[] {
  const { keyring } = desk;
  return [
    reads(listOperation, async ({ query }: Call<typeof listOperation, AdminPrincipal>) => {
      const found = await db.batch((tx) => listWaiting(tx, positionOf(query.cursor), query.limit + 1));
      return pageAnswer(found, query.limit, ({ placeInLine }) => placeInLine, presentWaiting);
    }),
    inTransaction(openOperation, async (call: Call<typeof openOperation, AdminPrincipal>, tx) => {
      const { workspace_id, ...words } = call.body;
      const workspaceId = decodeId('wrk', workspace_id);
      if (workspaceId === null || !(await isWorkspaceOpen(tx, workspaceId))) throw new AppError('not_found');
      const opened = await openTicket(tx, desk, { workspaceId, channel: 'phone', ...words });
      if (opened.outcome === 'too_many') throw tooMany();
      const { ticket } = opened;
      await note(tx, keyring, agentOf(call), 'ticket.opened', { id: ticket.id, workspace_id: workspaceId });
      return presentState(ticket);
    }),
    inTransaction(takeOperation, async (call: Call<typeof takeOperation, AdminPrincipal>, tx) => {
      const taken = await takeTicket(tx, keyring, agentOf(call), ticketId(call.params.id));
      switch (taken.outcome) {
        case 'taken':
          return { ticket_id: call.params.id, ends_at: taken.endsAt.toISOString() };
        case 'unknown':
          throw new AppError('not_found');
        case 'held':
          throw new AppError('conflict', { detail: 'Somebody else holds the ticket.' });
        case 'closed':
          throw new AppError('conflict', { detail: 'The ticket is closed.' });
      }
    }),
    reads(readOperation, async (call: Call<typeof readOperation, AdminPrincipal>) => {
      const looked = await lookAtTicket(db, keyring, agentOf(call), ticketId(call.params.id));
      switch (looked.outcome) {
        case 'shown': {
          const { ticket, wallet, takenUntil } = looked;
          assertInvariant(ticket.workspaceId === null || wallet !== null, 'every workspace has a wallet');
          return {
            ...presentConversation(ticket),
            customer:
              ticket.workspaceId === null || wallet === null
                ? null
                : {
                    workspace_id: encodeId('wrk', ticket.workspaceId),
                    available: moneyOf(wallet.availableMicros, wallet.currency),
                    held: moneyOf(wallet.heldMicros, wallet.currency),
                  },
            taken_until: takenUntil.toISOString(),
          };
        }
        case 'unknown':
          throw new AppError('not_found');
        case 'no_window':
          throw noWindow();
        case 'restricted':
          throw underRestriction();
      }
    }),
    inTransaction(answerOperation, async (call: Call<typeof answerOperation, AdminPrincipal>, tx) =>
      presentState(await answerTicket(tx, keyring, agentOf(call), ticketId(call.params.id), call.body.text)),
    ),
    inTransaction(noteOperation, async (call: Call<typeof noteOperation, AdminPrincipal>, tx) =>
      presentState(await noteCall(tx, keyring, agentOf(call), ticketId(call.params.id), call.body.text)),
    ),
    inTransaction(closeOperation, async (call: Call<typeof closeOperation, AdminPrincipal>, tx) =>
      presentState(await closeAsStaff(tx, keyring, agentOf(call), ticketId(call.params.id))),
    ),
  ];
}

const agentOf = (call: { readonly caller: AdminPrincipal; readonly requestId: string }): Agent => ({
  keyId: call.caller.keyId,
  actor: actorOf(call),
});

const presentWaiting = (ticket: WaitingTicket) => {
  assertInvariant(ticket.replyDueAt !== null, 'what waits for staff is due');
  return {
    ...presentState(ticket),
    reply_due_at: ticket.replyDueAt.toISOString(),
    overdue: ticket.overdue,
    taken_until: ticket.takenUntil?.toISOString() ?? null,
  };
};
