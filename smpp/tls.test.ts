import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { connectSession } from './client-session.ts';
import { makePdu } from './pdu-shapes.ts';
import { serveSession } from './server-session.ts';
import type { RequestOutcome } from './session-types.ts';
import { settled } from './test/loopback.ts';
import { TEST_ONLY_CERTIFICATE, TEST_ONLY_PRIVATE_KEY } from './test/test-only-certificate.ts';

test('a session runs over TLS as it does over TCP, and the certificate is checked', async () => {
  const listener = createServer({ cert: TEST_ONLY_CERTIFICATE, key: TEST_ONLY_PRIVATE_KEY }, (socket) => {
    serveSession(socket, {
      systemId: 'SMSC',
      onBind: () => 0,
      onSubmit: (pdu, answer) => answer(0, `tls-${pdu.message}`),
    });
  });
  // A refused handshake is the client's to report.
  listener.on('tlsClientError', () => undefined);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };

  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: TEST_ONLY_CERTIFICATE });
  const client = connectSession(socket, { limits: { windowMax: 500 } });
  const bound = await client.bind({ mode: 'transceiver', systemId: 'x', password: 'y' });
  assert.equal(bound.kind, 'bound');
  const outcomes = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      settled<RequestOutcome>((settle) =>
        client.submit(makePdu('submit_sm', { message: Buffer.from(String(index)) }), settle),
      ),
    ),
  );
  for (const [index, outcome] of outcomes.entries())
    assert.equal(outcome.kind === 'response' && outcome.messageId, `tls-${index}`);
  await client.unbind();
  assert.deepEqual(client.closeReason, { kind: 'unbound', by: 'us' });

  const stranger = connectSession(connect({ port, host: '127.0.0.1', servername: 'localhost' }));
  assert.deepEqual(await stranger.bind({ mode: 'transceiver', systemId: 'x', password: 'y' }), {
    kind: 'lost',
  });
  assert.equal(stranger.closeReason?.kind, 'socket_error');
  listener.close();
});
