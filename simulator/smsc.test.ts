import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePdu, type RequestOutcome, STATUS } from '@sotto/smpp';
import { MAGIC_NUMBERS } from './magic-numbers.ts';
import { startSmsc } from './smsc.ts';
import { answerOf, bindClient, until, withSmsc } from './test/client.ts';

const NUMBER = '491512345';
const statusOf = (outcome: RequestOutcome) => (outcome.kind === 'response' ? outcome.status : outcome.kind);

test('a submission that asks for a receipt gets one, under the id it was answered with', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await client.submit(`${NUMBER}0001`);
    await smsc.idle();
    assert.equal(client.receipts.length, 1);
    assert.equal(client.receipts[0]?.state, 'delivered');
    assert.deepEqual(answerOf(outcome), [0, client.receipts[0]?.messageIds[0]]);
    const receipt = client.delivered[0]!;
    assert.deepEqual([receipt.source, receipt.destination], [`${NUMBER}0001`, 'SOTTO']);
    const { submits, accepted, receiptsSent, receiptsAcked, receiptsPending } = smsc.counts();
    assert.deepEqual([submits, accepted, receiptsSent, receiptsAcked, receiptsPending], [1, 1, 1, 1, 0]);
  }));

test('no receipt is sent where none was asked for, and failures alone where only they were', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 0 });
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 2 });
    smsc.set({ receipts: { state: 'undeliverable', errorCode: '011' } });
    await client.submit(`${NUMBER}1000`, { registeredDelivery: 2 });
    await smsc.idle();
    assert.deepEqual(
      client.receipts.map(({ state, errorCode }) => [state, errorCode]),
      [['undeliverable', '011']],
    );
  }));

test('what Kannel sends is taken: esm_class 3, registered_delivery 17, empty system_type', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const outcome = await client.submit(`${NUMBER}1000`, { esmClass: 0x03, registeredDelivery: 0x11 });
    assert.equal(statusOf(outcome), 0);
    await smsc.idle();
    assert.equal(client.receipts.length, 1);
  }));

test('receipts come early when told so: before the answer of their submission', () =>
  withSmsc({ behaviour: { receipts: { order: 'before' } } }, async (smsc) => {
    const order: string[] = [];
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => {
        order.push('receipt');
        answer(0);
      },
    });
    await client.submit(`${NUMBER}1000`);
    order.push('answer');
    assert.deepEqual(order, ['receipt', 'answer']);
  }));

test('receipts come late, twice, and after an ENROUTE notice when told so', () =>
  withSmsc({ behaviour: { receipts: { delayMs: 40, copies: 2, intermediate: true } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const start = performance.now();
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.ok(performance.now() - start >= 39);
    assert.deepEqual(
      client.receipts.map(({ state, final }) => [state, final]),
      [
        ['enroute', false],
        ['delivered', true],
        ['delivered', true],
      ],
    );
  }));

test('receipts come in another order than their submissions when shuffled, and none is missing', () =>
  withSmsc({ behaviour: { receipts: { shuffle: 50 } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const outcomes = await Promise.all(Array.from({ length: 120 }, () => client.submit(`${NUMBER}1000`)));
    await smsc.idle();
    const submitted = outcomes.map((outcome) => outcome.kind === 'response' && outcome.messageId);
    const receipted = client.receipts.map(({ messageIds }) => messageIds[0]);
    assert.notDeepEqual(receipted, submitted);
    assert.deepEqual([...receipted].sort(), [...submitted].sort());
  }));

test('ids are spelled one way in the answer and another in text and parameter', () =>
  withSmsc(
    { behaviour: { responseId: 'hex', receipts: { textId: 'padded', tlvId: 'upper_hex' } } },
    async (smsc) => {
      const client = await bindClient(smsc);
      const [, hex] = answerOf(await client.submit(`${NUMBER}1000`)) as [number, string];
      await smsc.idle();
      const [tlv, text] = client.receipts[0]!.messageIds;
      assert.equal(tlv, hex.toUpperCase());
      assert.equal(BigInt(text!), BigInt(`0x${hex}`));
      assert.match(text!, /^0+/);
    },
  ));

test('receipts travel in text alone, in parameters alone, and as data_sm', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    for (const carriedBy of ['text', 'tlv'] as const) {
      smsc.set({ receipts: { carriedBy } });
      await client.submit(`${NUMBER}1000`);
    }
    smsc.set({ receipts: { carriedBy: 'both', command: 'data_sm' } });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    const [text, tlv, data] = client.delivered;
    assert.equal(text?.tlvs.octets, 0);
    assert.equal(tlv?.command === 'deliver_sm' && tlv.message.length, 0);
    assert.equal(data?.command, 'data_sm');
    assert.deepEqual(
      client.receipts.map(({ state }) => state),
      ['delivered', 'delivered', 'delivered'],
    );
  }));

test('a receipt answered "later" comes again until it is taken, and is counted', () =>
  withSmsc({ behaviour: { receipts: { retryMs: 5 } } }, async (smsc) => {
    let tries = 0;
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => answer(++tries < 3 ? STATUS.RX_T_APPN : STATUS.ROK),
    });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(tries, 3);
    const { receiptsSent, receiptsRetried, receiptsAcked } = smsc.counts();
    assert.deepEqual([receiptsSent, receiptsRetried, receiptsAcked], [3, 2, 1]);
  }));

test('a receipt refused for good is given up', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc, 'transceiver', {
      onDeliver: (_pdu, answer) => answer(STATUS.RX_P_APPN),
    });
    await client.submit(`${NUMBER}1000`);
    await smsc.idle();
    assert.equal(smsc.counts().receiptsGivenUp, 1);
  }));

test('receipts wait for a bind that takes them, and outlive a lost connection', () =>
  withSmsc({ behaviour: { receipts: { retryMs: 1 } } }, async (smsc) => {
    const transmitter = await bindClient(smsc, 'transmitter');
    await transmitter.submit(`${NUMBER}1000`);
    assert.equal(smsc.counts().receiptsPending, 1);
    const silent = await bindClient(smsc, 'receiver', { onDeliver: () => undefined });
    await until(() => smsc.counts().receiptsSent === 1);
    silent.session.close('gone with an unanswered receipt');
    const receiver = await bindClient(smsc, 'receiver');
    await smsc.idle();
    assert.equal(receiver.receipts.length, 1);
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

test('errors come by place, by interval, by destination, by chance, and as often as told', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const run = async (count: number, destination = `${NUMBER}1000`) => {
      const outcomes = [];
      for (let index = 0; index < count; index++) outcomes.push(statusOf(await client.submit(destination)));
      return outcomes;
    };
    smsc.set({
      errors: [
        { status: 0x45, at: [2] },
        { status: 0x14, every: 3 },
      ],
    });
    assert.deepEqual(await run(6), [0, 0x45, 0x14, 0, 0, 0x14]);
    smsc.set({ errors: [{ status: 0x0b, destinationEnds: '77' }] });
    assert.deepEqual([await run(1), await run(1, '4977')], [[0], [0x0b]]);
    smsc.set({ errors: [{ status: 0x64, times: 2 }] });
    assert.deepEqual(await run(4), [0x64, 0x64, 0, 0]);
    smsc.set({ errors: [{ status: 0x08, probability: 0.5 }] });
    const drawn = await run(100);
    const failed = drawn.filter((status) => status === 0x08).length;
    assert.ok(failed > 30 && failed < 70, `${failed} of 100 with seed ${smsc.seed}`);
    assert.equal(smsc.counts().refusedByStatus[0x08], failed);
  }));

test('every status of the standard can be answered on demand', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    for (const status of Object.values(STATUS).filter((code) => code !== 0)) {
      smsc.set({ errors: [{ status }] });
      assert.equal(statusOf(await client.submit(`${NUMBER}1000`)), status);
    }
  }));

test('submissions over the rate are throttled, and pass once there is room again', () =>
  withSmsc({ behaviour: { partsPerSecond: 100 } }, async (smsc) => {
    const client = await bindClient(smsc);
    const burst = await Promise.all(Array.from({ length: 150 }, () => client.submit(`${NUMBER}1000`)));
    const throttled = burst.filter((outcome) => statusOf(outcome) === STATUS.RTHROTTLED).length;
    assert.ok(throttled >= 45 && throttled <= 50, `${throttled} of 150 were throttled`);
    let status: unknown = STATUS.RTHROTTLED;
    while (status === STATUS.RTHROTTLED) status = statusOf(await client.submit(`${NUMBER}1000`));
    assert.equal(status, 0);
  }));

test('a full queue is answered 0x14 until receipts have gone out', () =>
  withSmsc({ behaviour: { queueMax: 2, receipts: { delayMs: 30 } } }, async (smsc) => {
    const client = await bindClient(smsc);
    const outcomes = await Promise.all([1, 2, 3].map(() => client.submit(`${NUMBER}1000`)));
    assert.deepEqual(outcomes.map(statusOf), [0, 0, STATUS.RMSGQFUL]);
    await smsc.idle();
    assert.equal(statusOf(await client.submit(`${NUMBER}1000`)), 0);
  }));

test('answers take as long as told, fixed or drawn', () =>
  withSmsc({ behaviour: { latencyMs: 30 } }, async (smsc) => {
    const client = await bindClient(smsc);
    const timed = async () => {
      const start = performance.now();
      await client.submit(`${NUMBER}1000`);
      return performance.now() - start;
    };
    assert.ok((await timed()) >= 29);
    smsc.set({ latencyMs: { minMs: 10, maxMs: 20 } });
    assert.ok((await timed()) >= 9);
  }));

test('the window of the SMSC is kept: one more open submission is answered 0x58', () =>
  withSmsc({ window: 5, behaviour: { latencyMs: 20 } }, async (smsc) => {
    const client = await bindClient(smsc);
    const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map(() => client.submit(`${NUMBER}1000`)));
    assert.deepEqual(outcomes.map(statusOf), [0, 0, 0, 0, 0, STATUS.RTHROTTLED]);
  }));

test('a withheld answer leaves the outcome open while enquire_link is answered', () =>
  withSmsc({ behaviour: { withholdAnswers: true } }, async (smsc) => {
    const client = await bindClient(smsc, 'transceiver', {
      limits: { windowMax: 10, responseTimeoutMs: 60, enquireLinkMs: 20 },
    });
    assert.equal((await client.submit(`${NUMBER}1000`)).kind, 'timeout');
    assert.equal(client.session.state, 'bound_trx');
  }));

test('a black hole answers nothing, before the bind and after it', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc, 'transceiver', {
      limits: { windowMax: 10, responseTimeoutMs: 40, enquireLinkMs: 20 },
    });
    smsc.set({ blackHole: true });
    const outcome = await client.submit(`${NUMBER}1000`);
    assert.notEqual(outcome.kind, 'response');
    await client.session.closed();
    assert.deepEqual(client.session.closeReason, { kind: 'enquire_link_timeout' });
    await assert.rejects(
      bindClient(smsc, 'transceiver', { limits: { sessionInitMs: 40 } }),
      /"kind":"timeout"/,
    );
  }));

test('a slow reader shows as back-pressure, and takes everything in the end', () =>
  withSmsc({ behaviour: { readOctetsPerSecond: 400_000 } }, async (smsc) => {
    const client = await bindClient(smsc);
    const start = performance.now();
    const message = Buffer.alloc(200, 0x61);
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, () => client.submit(`${NUMBER}1000`, { message, registeredDelivery: 0 })),
    );
    assert.ok(outcomes.every((outcome) => statusOf(outcome) === 0));
    // 400 PDUs of about 260 octets at 400,000 octets a second, less the last chunk.
    assert.ok(performance.now() - start > 50);
  }));

test('a connection ends after so many submissions, by FIN and by RST, as often as told', () =>
  withSmsc({}, async (smsc) => {
    for (const how of ['fin', 'rst'] as const) {
      smsc.set({ disconnect: { when: { submits: 3 }, how, times: 1 } });
      const client = await bindClient(smsc);
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => client.submit(`${NUMBER}1000`)));
      assert.deepEqual(outcomes.at(-1), { kind: 'lost', written: true });
      await client.session.closed();
      assert.equal(client.session.closeReason?.kind, how === 'rst' ? 'socket_error' : 'peer_closed');
      const again = await bindClient(smsc);
      const answers = await Promise.all([1, 2, 3, 4].map(() => again.submit(`${NUMBER}1000`)));
      assert.ok(
        answers.every((outcome) => statusOf(outcome) === 0),
        'the rule is spent',
      );
    }
  }));

test('a connection ends with the window full: every open submission is unknown', () =>
  withSmsc(
    { behaviour: { disconnect: { when: { openSubmits: 10 }, how: 'fin', times: 1 } } },
    async (smsc) => {
      const client = await bindClient(smsc, 'transceiver', { limits: { windowMax: 10 } });
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => client.submit(`${NUMBER}1000`)));
      assert.ok(outcomes.every((outcome) => outcome.kind === 'lost' && outcome.written));
      // Their receipts come all the same, on the next bind.
      const next = await bindClient(smsc);
      await smsc.idle();
      assert.equal(next.receipts.length, 10);
    },
  ));

test('a connection is cut at any octet of what it sends or reads, and the client only loses the link', () =>
  withSmsc({}, async (smsc) => {
    for (const how of ['fin', 'rst'] as const)
      for (const octets of [1, 15, 40, 50, 60]) {
        smsc.set({ disconnect: { when: { octetsSent: octets }, how, times: 1 } });
        await client(`octetsSent ${octets} ${how}`);
        smsc.set({ disconnect: { when: { octetsReceived: octets + 40 }, how, times: 1 } });
        await client(`octetsReceived ${octets + 40} ${how}`);
      }
    async function client(name: string): Promise<void> {
      let lost = 0;
      try {
        const bound = await bindClient(smsc);
        const outcomes = await Promise.all([1, 2, 3].map(() => bound.submit(`${NUMBER}1000`)));
        lost = outcomes.filter((outcome) => outcome.kind === 'lost').length;
        await bound.session.closed();
      } catch (error) {
        assert.match(String(error), /"lost"/, name);
        return;
      }
      assert.ok(lost > 0, name);
    }
  }));

test('every connection ends on demand', () =>
  withSmsc({}, async (smsc) => {
    const clients = await Promise.all([bindClient(smsc), bindClient(smsc, 'receiver')]);
    smsc.disconnect('rst');
    await Promise.all(clients.map(({ session }) => session.closed()));
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

test('ids differ between runs', async () => {
  const ids = new Set<string>();
  for (let run = 0; run < 3; run++)
    await withSmsc({}, async (smsc) => {
      const client = await bindClient(smsc);
      for (let index = 0; index < 5; index++)
        ids.add((answerOf(await client.submit(`${NUMBER}1000`)) as [number, string])[1]);
    });
  assert.equal(ids.size, 15);
});

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
        limits: { windowMax: 10, responseTimeoutMs: 80 },
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

test('a receipt for an id never given out, and any delivery at all, may be sent', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const stray = { messageId: 'never-seen', from: `${NUMBER}1000`, to: 'SOTTO' };
    assert.equal(await smsc.strayReceipt({ ...stray, state: 'expired' }), 0);
    assert.deepEqual(
      [client.receipts[0]?.messageIds, client.receipts[0]?.state],
      [['never-seen'], 'expired'],
    );
    const odd = makePdu('deliver_sm', { esmClass: 0x18, message: Buffer.from([0xff]) });
    assert.equal(await smsc.deliver(odd), 0);
    assert.equal(client.delivered[1]?.esmClass, 0x18);
    await assert.rejects(
      withSmsc({}, async (empty) => void (await empty.strayReceipt(stray))),
      /name the account/,
    );
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
