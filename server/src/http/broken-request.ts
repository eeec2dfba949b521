// What a client gets whose request never became one: HTTP that cannot be read, or that did not arrive in time. There
// is no request and no reply then, only a socket, so the answer is written by hand and the connection closed:
// where the next request would begin is unknown (RFC 9112 §9.3, and smuggling lives from guessing it).
import type { Socket } from 'node:net';
import { encodeId, headers, problemMediaType, problemOf } from '@sotto/contract';
import { newId } from '#platform/ids';
import { API_HEADERS, HSTS } from './security-headers.ts';

/** Reasons by Node's name; every other one is a request that breaks the grammar. */
const TIMEOUT = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Answers with a problem and closes. `tls`: the listener itself speaks TLS. */
export function answerBrokenRequest(error: { readonly code?: string }, socket: Socket, tls: boolean): void {
  // A client that went away hears nothing, and one that has part of an answer must not get another into it.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const requestId = encodeId('req', newId());
  const problem = problemOf(error.code === TIMEOUT ? 'request_timeout' : 'invalid_request', {
    requestId,
    ...(error.code === TIMEOUT ? {} : { detail: 'It is not valid HTTP/1.1, or its head is too large.' }),
  });
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `${headers.requestId}: ${requestId}`,
    ...Object.entries(API_HEADERS).map(([name, value]) => `${name}: ${value}`),
    ...(tls ? [`strict-transport-security: ${HSTS}`] : []),
    'connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
