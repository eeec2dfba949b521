import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { connectSession, makePdu, type RequestOutcome, STATUS } from '@sotto/smpp';
import { TEST_ONLY_CERTIFICATE, TEST_ONLY_PRIVATE_KEY } from '@sotto/smpp/test/test-only-certificate';
import { MAGIC_NUMBERS } from './magic-numbers.ts';
import type { Smsc } from './smsc.ts';
import { startSmsc } from './smsc.ts';
import { bindClient, until, withSmsc } from './test/client.ts';

const NUMBER = '491512345';
const statusOf = (outcome: RequestOutcome) => (outcome.kind === 'response' ? outcome.status : outcome.kind);

test('what Kannel sends is taken: esm_class 3, registered_delivery 17, empty system_type', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await client.submit(`${NUMBER}1000`, { esmClass: 0x03, registeredDelivery: 0x11 });
    assert.equal(statusOf(outcome), 0);
    await smsc.idle();
    assert.equal(client.receipts.length, 1);
  }));

test('transceivers are refused where only transmitter and receiver pairs are offered', () =>
  withSmsc({ behaviour: { transceivers: false } }, async (smsc) => {
    await assert.rejects(bindClient(smsc), /"refused","status":13/);
    const transmitter = await bindClient(smsc, 'transmitter');
    const receiver = await bindClient(smsc, 'receiver');
    await transmitter.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(receiver.receipts.length, 1);
  }));

test('binds are refused on demand, and by account', () =>
  withSmsc({ accounts: { client: 'secret', other: 'x' } }, async (smsc) => {
    await bindClient(smsc);
    smsc.set({ bindStatus: STATUS.RBINDFAIL });
    await assert.rejects(bindClient(smsc), /"status":13/);
    await withSmsc({ accounts: { client: 'changed' } }, (strict) =>
      assert.rejects(bindClient(strict), /"status":14/),
    );
    await withSmsc({ accounts: {} }, (strict) => assert.rejects(bindClient(strict), /"status":15/));
  }));

test('data_sm is taken like submit_sm, its text in message_payload', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await new Promise<RequestOutcome>((resolve) => {
      client.session.submit(
        makePdu('data_sm', { source: 'S', destination: `${NUMBER}1000`, registeredDelivery: 1 }),
        resolve,
      );
    });
    await smsc.idle();
    assert.equal(statusOf(outcome), 0);
    assert.equal(client.receipts.length, 1);
  }));

test('the same seed draws the same fate', async () => {
  const fates: string[] = [];
  for (let run = 0; run < 2; run++)
    await withSmsc({ seed: 42, behaviour: { errors: [{ status: 8, probability: 0.5 }] } }, async (smsc) => {
      const client = await bindClient(smsc);
      const outcomes = [];
      for (let index = 0; index < 30; index++) outcomes.push(statusOf(await client.submit(`${NUMBER}1000`)));
      fates.push(outcomes.join());
    });
  assert.equal(fates[0], fates[1]);
});

test('a setting that does not exist is refused by name', async () => {
  await assert.rejects(startSmsc({ behaviour: { latency: 5 } as object }), /no setting latency/);
  await withSmsc({}, async (smsc) => {
    assert.throws(() => smsc.set({ receipts: { dealyMs: 5 } as object }), /no setting receipts\.dealyMs/);
    assert.equal(smsc.behaviour.latencyMs, 0);
  });
});

test('the SMSC serves TLS, and asks for client certificates when told to', async () => {
  const server = { cert: TEST_ONLY_CERTIFICATE, key: TEST_ONLY_PRIVATE_KEY };
  const submitOver = async (smsc: Smsc, options: ConnectionOptions) => {
    const socket = connect({
      ...options,
      port: smsc.port,
      host: smsc.host,
      servername: 'localhost',
      ca: server.cert,
    });
    const session = connectSession(socket);
    const bound = await session.bind({ mode: 'transmitter', systemId: 'client', password: 'x' });
    const outcome =
      bound.kind === 'bound'
        ? await new Promise<RequestOutcome>((resolve) => session.submit(makePdu('submit_sm'), resolve))
        : bound;
    session.close('done');
    return outcome.kind;
  };
  await withSmsc({ tls: server }, async (smsc) => assert.equal(await submitOver(smsc, {}), 'response'));
  await withSmsc({ tls: { ...server, ca: server.cert } }, async (smsc) => {
    assert.equal(await submitOver(smsc, {}), 'lost');
    assert.equal(await submitOver(smsc, server), 'response');
    smsc.set({ disconnect: { when: { submits: 1 }, how: 'rst', times: 1 } });
    assert.equal(await submitOver(smsc, server), 'lost');
  });
});

test('stopping unbinds clients in order', async () => {
  const smsc = await startSmsc();
  const client = await bindClient(smsc);
  await smsc.stop();
  await client.session.closed();
  assert.deepEqual(client.session.closeReason, { kind: 'unbound', by: 'peer' });
});

test('every magic number does what its line says', () =>
  withSmsc({ behaviour: { magicNumbers: true } }, async (smsc) => {
    for (const [suffix, magic] of Object.entries(MAGIC_NUMBERS)) {
      const client = await bindClient(smsc, 'transceiver', {
        limits: { windowMax: 10, responseTimeoutMs: magic.unanswered ? 80 : 10_000 },
      });
      const destination = `${NUMBER}${suffix}`;
      if (magic.status !== undefined) {
        assert.equal(statusOf(await client.submit(destination)), magic.status, magic.meaning);
        assert.equal(
          statusOf(await client.submit(destination)),
          magic.once ? 0 : magic.status,
          magic.meaning,
        );
      } else {
        const outcome = await client.submit(destination);
        assert.equal(outcome.kind, magic.unanswered ? 'timeout' : 'response', magic.meaning);
      }
      if (magic.delayMs) {
        assert.equal(smsc.counts().receiptsPending, 1, magic.meaning);
        assert.equal(client.receipts.length, 0);
        // The late one goes to whoever is bound when its time has come.
        client.session.close('not waiting');
        continue;
      }
      const accepted = magic.status === undefined || magic.once;
      const expected =
        !accepted || magic.receipt === 'none' ? 0 : (magic.copies ?? 1) + (magic.intermediate ? 1 : 0);
      await until(() => client.receipts.length === expected);
      if (expected > 0) {
        const last = client.receipts.at(-1)!;
        assert.deepEqual([last.state, last.final], [magic.receipt ?? 'delivered', true], magic.meaning);
      }
      if (magic.reply) {
        const parts = suffix === '0032' ? 3 : 1;
        await until(() => client.delivered.length === expected + parts);
        assert.equal(client.delivered.at(-1)?.source, destination);
      }
      await client.session.unbind();
    }
  }));

test('an SMSC of version 3.3 sends no parameters, and gives up what it cannot say', () =>
  withSmsc({ version: 0x33 }, async (smsc) => {
    await assert.rejects(bindClient(smsc), /"refused","status":3/);
    const transmitter = await bindClient(smsc, 'transmitter');
    const receiver = await bindClient(smsc, 'receiver');
    await transmitter.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(receiver.delivered[0]?.tlvs.octets, 0);
    assert.equal(receiver.receipts[0]?.state, 'delivered');
    const long = { from: `${NUMBER}1000`, to: '100', text: 'x'.repeat(400), via: 'payload' as const };
    assert.deepEqual(await smsc.inbound(long), [STATUS.RINVMSGLEN]);
  }));

test('addresses that only data_sm can hold are refused', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await new Promise<RequestOutcome>((resolve) => {
      client.session.submit(makePdu('data_sm', { destination: '9'.repeat(40) }), resolve);
    });
    assert.equal(statusOf(outcome), STATUS.RINVDSTADR);
  }));
