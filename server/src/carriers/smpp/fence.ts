// A socket that refuses to write once its owner's right to write has ended. Sessions gather PDUs and write them at the
// end of a turn; if the process was stopped in between (SIGSTOP, a suspended machine), another process may hold the
// bind by the time it wakes, and what was gathered must not leave.
import type { Socket } from 'node:net';

/** Makes every write of `socket` ask first; the first one refused destroys the socket. */
export function fence(socket: Socket, mayWrite: () => boolean): Socket {
  const write = socket.write.bind(socket) as (...values: unknown[]) => boolean;
  socket.write = ((...values: unknown[]): boolean => {
    if (mayWrite()) return write(...values);
    socket.destroy(Object.assign(new Error('the lease has ended'), { code: 'LEASE_LOST' }));
    return false;
  }) as Socket['write'];
  return socket;
}
