// A small HTTP server for fake providers: bounded bodies, JSON or pages as answers.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  /** JSON, unless it is text: then a page. */
  readonly body: unknown;
  readonly location?: string;
}

export interface FakeServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 262_144;

export async function startFakeServer(
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number },
  answer: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>,
): Promise<FakeServer> {
  let origin = '';
  const server = createServer((request, response) => {
    read(request)
      .then((body) =>
        answer({
          method: request.method ?? 'GET',
          url: new URL(request.url ?? '/', origin),
          headers: request.headers,
          body,
        }),
      )
      .catch((): FakeAnswer => ({ status: 500, body: { error: { message: 'the fake broke' } } }))
      .then(({ status, body, location }) => {
        const page = typeof body === 'string';
        response.writeHead(status, {
          'content-type': page ? 'text/html; charset=utf-8' : 'application/json',
          ...(location === undefined ? {} : { location }),
        });
        response.end(page ? body : JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Text as it may stand in a page. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
