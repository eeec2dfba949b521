// A server that does nothing but answer: what the load generator reaches against it is the generator's own ceiling.
import { once } from 'node:events';
import { createServer } from 'node:net';

const BODY = '{"id":"msg_01m7y3z1xxe59t7z7928mfx86c","status":"accepted"}';
const ANSWER = `HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

// Requests of one connection never overlap, and small ones arrive whole: a chunk is a request.
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', () => socket.write(ANSWER, 'latin1'));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send!((server.address() as { port: number }).port);
process.on('disconnect', () => process.exit(0));
