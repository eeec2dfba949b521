// A home behind a relay, over real sockets: it keeps the promises of the port, and lets nobody else in.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { type Home, type HomePort, StaleHome, startHome } from '#numbers';
import { newId } from '#platform/ids';
import { createLog } from '#platform/log';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../../test/harness.ts';
import { aPiece } from '../../numbers/memory/test/hand-clock.ts';
import { homeContract } from '../../numbers/memory/test/home-contract.ts';
import { FRAME_BYTES_MAX } from './frames.ts';
import { openLinks, type RelayLinks } from './links.ts';
import { type Relay, startRelay } from './relay.ts';
import { clientOptions, relayKeysOf } from './relay-keys.ts';

describe('a relay', () => {
  const logged: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (text) => void logged.push(text) } });
  let keyring: Keyring;
  let home: Home;
  let relay: Relay;
  let links: RelayLinks;
  after(async () => {
    links.stop();
    await relay.stop();
    await home.stop();
  });
  const database = useDatabase();
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    relay = await startRelay({ keys: relayKeysOf(keyring), log });
    home = await startHome({ db: database.db, log, address: relay.address });
    relay.serve(home);
    links = openLinks(relayKeysOf(keyring));
  });
  const port = (): HomePort => links.to(relay.address);
  const deposit = (text: string, workspaceId = newId()) => ({
    token: home.token!,
    pieces: [aPiece(text, { workspaceId })],
  });

  describe('to the home of another process', () => {
    homeContract(port, () => home.token!);
  });

  test('a process of another installation does not get in', async () => {
    const strangers = openLinks(relayKeysOf(await openKeyring(openMemoryKeyStore())));
    await assert.rejects(strangers.to(relay.address).deposit(deposit('a')), /A relay was/);
    strangers.stop();
    assert.deepEqual(await port().deposit(deposit('b')), ['stored']);
  });

  test('whoever speaks without TLS, or under another name, is cut off', async () => {
    const at = Number(relay.address.split(':')[1]);
    const plain = connectPlain(at, '127.0.0.1');
    plain.on('error', () => undefined);
    plain.write('GET / HTTP/1.1\r\n\r\n');
    await once(plain, 'close');
    const named = connect({
      ...clientOptions(relayKeysOf(keyring)),
      host: '127.0.0.1',
      port: at,
      pskCallback: () => ({ identity: 'somebody', psk: Buffer.alloc(32) }),
    });
    await assert.rejects(once(named, 'secureConnect'));
  });

  test('nothing of a text is in the octets on the wire', async () => {
    const octets: Buffer[] = [];
    const target = Number(relay.address.split(':')[1]);
    const tap = createServer((client) => {
      const server = connectPlain(target, '127.0.0.1');
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        from.on('data', (chunk: Buffer) => {
          octets.push(chunk);
          to.write(chunk);
        });
        from.on('error', () => undefined);
        from.on('close', () => to.destroy());
      }
    });
    tap.listen(0, '127.0.0.1');
    await once(tap, 'listening');
    const tapped = openLinks(relayKeysOf(keyring));
    const through = tapped.to(`127.0.0.1:${(tap.address() as { port: number }).port}`);
    const workspaceId = newId();
    assert.deepEqual(await through.deposit(deposit('Zwetschgenmus', workspaceId)), ['stored']);
    const page = { only: null, limit: 9, given: 9, before: null, receivedFrom: null, receivedBefore: null };
    const [text] = await through.read({ token: home.token!, workspaceId, ...page });
    assert.equal(text?.content.toString(), 'Zwetschgenmus');
    const seen = Buffer.concat(octets);
    assert.ok(seen.length > 500);
    assert.ok(!seen.includes('Zwetsch') && !seen.includes(Buffer.from('Zwetschgenmus').toString('base64')));
    tapped.stop();
    tap.close();
  });

  test('a peer with the key that writes nonsense or a frame too long is cut off, and others go on', async () => {
    for (const octets of [Buffer.alloc(64, 0xff), tooLong()]) {
      const peer = connect({
        ...clientOptions(relayKeysOf(keyring)),
        host: '127.0.0.1',
        port: Number(relay.address.split(':')[1]),
      });
      peer.on('error', () => undefined);
      await once(peer, 'secureConnect');
      peer.write(octets);
      await once(peer, 'close');
    }
    assert.deepEqual(await port().deposit(deposit('c')), ['stored']);
  });

  test('a body out of form is not served', async () => {
    const odd = { token: home.token!, pieces: [{ ...aPiece('a'), surplus: 1 }] };
    await assert.rejects(port().deposit(odd), /could not be served/);
  });

  test('a silent home is given up within the limit, and a new connection is made next time', async () => {
    const silent: HomePort = { deposit: () => new Promise(() => undefined), read: async () => [] };
    relay.serve(silent);
    const startedMs = performance.now();
    await assert.rejects(port().deposit(deposit('a')), /did not answer in time/);
    assert.ok(performance.now() - startedMs < 10_000);
    relay.serve(home);
    assert.deepEqual(await port().deposit(deposit('b')), ['stored']);
  });

  test('nobody listens: the answer comes at once', async () => {
    await assert.rejects(links.to('127.0.0.1:9').deposit(deposit('a')), /A relay was/);
  });

  test('before there is a home to serve, every request meets a stale one', async () => {
    const early = await startRelay({ keys: relayKeysOf(keyring), log });
    await assert.rejects(links.to(early.address).deposit(deposit('a')), StaleHome);
    await early.stop();
  });

  test('nothing of what a relay carried is in the log', async () => {
    await port().deposit(deposit('Quittengelee'));
    const said = logged.join('');
    for (const secret of ['Quittengelee', 'Zwetschgenmus', '4915123450001'])
      assert.ok(!said.includes(secret));
  });
});

function tooLong(): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt32BE(FRAME_BYTES_MAX + 1);
  return head;
}
