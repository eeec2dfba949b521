// Against npm `smpp`, an independent implementation: as client of our server, and as server of our client.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import { test } from 'node:test';
import peer, { type PeerPdu } from 'smpp';
import { connectSession } from './client-session.ts';
import { makePdu } from './pdu-shapes.ts';
import { parseReceipt } from './receipt.ts';
import { makeReceipt } from './receipt-format.ts';
import { serveSession } from './server-session.ts';
import type { RequestOutcome } from './session-types.ts';
import { settled } from './test/loopback.ts';
import { makeTlvs } from './tlvs.ts';

const called = (start: (run: (pdu: PeerPdu) => void) => void): Promise<PeerPdu> =>
  new Promise((resolve) => start(resolve));

test('npm smpp as a client binds to our server, submits, takes a receipt, and unbinds', async () => {
  const seen: { destination: string; message: string; reference: number | undefined }[] = [];
  const answers: number[] = [];
  const listener = createServer((socket) => {
    const session = serveSession(socket, {
      systemId: 'SOTTO',
      onBind: ({ systemId, password }) => (systemId === 'peer' && password === 'secret' ? 0 : 0x0e),
      onSubmit: (pdu, answer) => {
        seen.push({
          destination: pdu.destination,
          message: pdu.message.toString('latin1'),
          reference: pdu.tlvs.get('userMessageReference'),
        });
        answer(0, 'our-id-1');
        const receipt = makeReceipt({
          textId: 'our-id-1',
          tlvId: 'our-id-1',
          state: 'delivered',
          errorCode: '000',
          submittedAtMs: 0,
          doneAtMs: 0,
          excerpt: '',
          carriedBy: 'both',
        });
        session.deliver(receipt, (outcome) => {
          if (outcome.kind === 'response') answers.push(outcome.status);
        });
      },
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const session = peer.connect({ host: '127.0.0.1', port });
  const bound = await called((run) =>
    session.bind_transceiver({ system_id: 'peer', password: 'secret' }, run),
  );
  assert.deepEqual([bound.command_status, bound.system_id, bound.sc_interface_version], [0, 'SOTTO', 0x34]);
  const delivered = called((run) => session.once('deliver_sm', run));
  const submitted = await called((run) =>
    session.submit_sm(
      { destination_addr: '491512345678', short_message: 'hello', user_message_reference: 513 },
      run,
    ),
  );
  assert.equal(submitted.message_id, 'our-id-1');
  assert.deepEqual(seen, [{ destination: '491512345678', message: 'hello', reference: 513 }]);
  const receipt = await delivered;
  assert.deepEqual([receipt.receipted_message_id, receipt.message_state], ['our-id-1', 2]);
  session.send(receipt.response());
  const alive = await called((run) => session.enquire_link({}, run));
  assert.equal(alive.command_status, 0);
  const unbound = await called((run) => session.unbind({}, run));
  assert.equal(unbound.command, 'unbind_resp');
  assert.deepEqual(answers, [0]);
  session.close();
  listener.close();
});

test('npm smpp as a server takes our bind, submission and answers, and its receipt is read', async () => {
  const seen: PeerPdu[] = [];
  const server = peer.createServer((session) => {
    session.on('error', () => undefined);
    session.on('bind_transceiver', (pdu) => session.send(pdu.response({ system_id: 'PEER' })));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => session.send(pdu.response()));
    session.on('submit_sm', (pdu) => {
      seen.push(pdu);
      session.send(pdu.response({ message_id: 'peer-id-1' }));
      session.deliver_sm(
        {
          source_addr: '491512345678',
          destination_addr: 'SOTTO',
          esm_class: 4,
          short_message: Buffer.from('id:peer-id-1 sub:001 dlvrd:001 stat:DELIVRD err:000 text:'),
          receipted_message_id: 'peer-id-1',
          message_state: 2,
        },
        (response) => seen.push(response),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connectSession(connectTcp(server.address().port, '127.0.0.1'));
  const bound = await client.bind({ mode: 'transceiver', systemId: 'sotto', password: 'secret' });
  assert.deepEqual(bound, { kind: 'bound', systemId: 'PEER', version: undefined });
  const receipt = new Promise<ReturnType<typeof parseReceipt>>((resolve) => {
    client.onDeliver = (pdu, answer) => {
      answer(0);
      resolve(parseReceipt(pdu));
    };
  });
  const outcome = await settled<RequestOutcome>((settle) =>
    client.submit(
      makePdu('submit_sm', {
        source: 'SOTTO',
        sourceTon: 5,
        destination: '491512345678',
        destinationTon: 1,
        destinationNpi: 1,
        message: Buffer.from('héllo', 'latin1'),
        dataCoding: 3,
        registeredDelivery: 1,
        tlvs: makeTlvs({ userMessageReference: 0x0201 }),
      }),
      settle,
    ),
  );
  assert.equal(outcome.kind === 'response' && outcome.messageId, 'peer-id-1');
  const { source_addr, destination_addr, data_coding, user_message_reference, short_message } = seen[0]!;
  assert.deepEqual(
    [source_addr, destination_addr, data_coding, user_message_reference],
    ['SOTTO', '491512345678', 3, 0x0201],
  );
  assert.equal((short_message as { message: string }).message, 'héllo');
  const read = await receipt;
  assert.deepEqual([read?.messageIds, read?.state], [['peer-id-1'], 'delivered']);
  await client.unbind();
  assert.equal(seen[1]?.command, 'deliver_sm_resp');
  server.close();
});
