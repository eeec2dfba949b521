// The states of a session and which requests each side may send in them (SMPP 3.4 §2.2, table 2-1).
//
//   open --bind accepted--> bound_tx | bound_rx | bound_trx --unbind, either side--> unbound --FIN--> closed
//   open --bind refused, no bind in time, unreadable stream--> unbound --FIN--> closed
//   any  --socket closed or failed, no answer to enquire_link--> closed
//
// Beyond the table enquire_link is tolerated in `open`, for many peers probe before they bind.
import { STATUS } from './command-status.ts';
import type { CommandName } from './pdu-layouts.ts';

export type SessionState = 'open' | 'bound_tx' | 'bound_rx' | 'bound_trx' | 'unbound' | 'closed';
export type BindMode = 'transmitter' | 'receiver' | 'transceiver';
/** The external short message entity is the client that binds; the SMSC is the server. */
export type Side = 'esme' | 'smsc';

export const BOUND_STATE = {
  transmitter: 'bound_tx',
  receiver: 'bound_rx',
  transceiver: 'bound_trx',
} as const satisfies Record<BindMode, SessionState>;

const LINK: readonly CommandName[] = ['enquire_link', 'unbind'];
const BINDS: readonly CommandName[] = ['bind_transmitter', 'bind_receiver', 'bind_transceiver'];
const SUBMITS: readonly CommandName[] = [
  'submit_sm',
  'submit_multi',
  'data_sm',
  'query_sm',
  'cancel_sm',
  'replace_sm',
];
const DELIVERS: readonly CommandName[] = ['deliver_sm', 'data_sm', 'alert_notification'];

const set = (...lists: (readonly CommandName[])[]): ReadonlySet<CommandName> => new Set(lists.flat());

/** The requests a side may send in a state. */
export const MAY_SEND: Readonly<Record<Side, Readonly<Record<SessionState, ReadonlySet<CommandName>>>>> = {
  esme: {
    open: set(LINK, BINDS),
    bound_tx: set(LINK, SUBMITS),
    bound_rx: set(LINK),
    bound_trx: set(LINK, SUBMITS),
    unbound: set(LINK),
    closed: set(),
  },
  smsc: {
    open: set(LINK, ['outbind']),
    bound_tx: set(LINK),
    bound_rx: set(LINK, DELIVERS),
    bound_trx: set(LINK, DELIVERS),
    unbound: set(LINK),
    closed: set(),
  },
};

/**
 * What to answer a request that `sender` sent in `state`: 0 when it may, 0x05 for a second bind, else 0x04. A message
 * or receipt that comes while the session is being unbound is answered "temporary", so that its sender tries again
 * on the next session instead of dropping it.
 */
export function refusalOf(sender: Side, state: SessionState, command: CommandName): number {
  if (MAY_SEND[sender][state].has(command)) return STATUS.ROK;
  if (BINDS.includes(command) && state !== 'open') return STATUS.RALYBND;
  if (state === 'unbound' && sender === 'smsc' && DELIVERS.includes(command)) return STATUS.RX_T_APPN;
  return STATUS.RINVBNDSTS;
}
