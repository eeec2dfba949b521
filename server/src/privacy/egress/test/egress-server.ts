// A server that writes down what reaches it, and a door that may call it.
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { createEgress, type EgressOptions, type EgressRequest, type Recipients } from '../egress.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export const post = (url: string, body: EgressRequest['body']): EgressRequest =>
  body ? { url, method: 'POST', body } : { url, method: 'POST' };

/** A real server on this machine, and a door that may call it as `example` in development. */
export async function withServer(
  answer: RequestListener | undefined,
  body: (world: {
    port: number;
    seen: Seen[];
    connections: () => number;
    open: (
      recipient?: Partial<Recipients[string]>,
      options?: EgressOptions,
    ) => ReturnType<typeof createEgress>;
  }) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        method: request.method!,
        url: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (answer) answer(request, response);
      else response.setHeader('x-answer', '1').end('{"ok":true}');
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  const port = await listening(server);
  const doors: ReturnType<typeof createEgress>[] = [];
  try {
    await body({
      port,
      seen,
      connections: () => connections,
      open: (recipient, options) => {
        const recipients: Recipients = {
          example: {
            purpose: 'delivery',
            hosts: [{ host: 'localhost', ports: [port] }],
            fields: ['to', 'message.text', 'items[].id', 'tags', 'metadata.*'],
            headers: ['authorization'],
            loopbackInDevelopment: true,
            ...recipient,
          },
        };
        const door = createEgress(recipients, {
          development: true,
          resolve: async () => ['127.0.0.1'],
          ...options,
        });
        doors.push(door);
        return door;
      },
    });
  } finally {
    await Promise.all(doors.map((door) => door.close()));
    server.closeAllConnections();
    server.close();
  }
}
