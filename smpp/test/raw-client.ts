// A bound client below the session, against a server session with hand-moved time.

import { makePdu } from '../pdu-shapes.ts';
import type { Pdu } from '../pdu-types.ts';
import type { ServerSession } from '../server-session.ts';
import { serveSession } from '../server-session.ts';
import type { SessionEvent } from '../session-types.ts';
import { ManualTimers, RawPeer, socketPair } from './loopback.ts';

export const bindPdu = makePdu('bind_transceiver', {
  sequence: 1,
  systemId: 'e',
  password: 'p',
  interfaceVersion: 0x34,
});

/** What tells one response from another. */
export const answered = (pdu: Pdu) => [pdu.command, pdu.status, pdu.sequence];

export interface RawClient {
  readonly peer: RawPeer;
  readonly server: ServerSession;
  readonly timers: ManualTimers;
  readonly events: SessionEvent[];
}

/** Resolves when the bind is answered: the next PDU heard has index 1. Submissions are answered 0 unless taken. */
export async function rawClient(onSubmit?: (answer: () => void) => void): Promise<RawClient> {
  const sockets = await socketPair();
  const timers = new ManualTimers();
  const events: SessionEvent[] = [];
  const server = serveSession(sockets.server, {
    systemId: 'SMSC',
    onBind: () => 0,
    onSubmit: (_pdu, answer) => (onSubmit ? onSubmit(() => answer(0, 'm')) : answer(0, 'm')),
    onEvent: (event) => events.push(event),
    timers,
  });
  const peer = new RawPeer(sockets.client);
  peer.send(bindPdu);
  await peer.hear(0);
  return { peer, server, timers, events };
}
