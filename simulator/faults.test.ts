import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RequestOutcome, STATUS } from '@sotto/smpp';
import { bindClient, withSmsc } from './test/client.ts';

const NUMBER = '491512345';
const statusOf = (outcome: RequestOutcome) => (outcome.kind === 'response' ? outcome.status : outcome.kind);

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
  withSmsc({ behaviour: { partsPerSecond: 10 } }, async (smsc) => {
    const client = await bindClient(smsc);
    const burst = await Promise.all(Array.from({ length: 60 }, () => client.submit(`${NUMBER}1000`)));
    const throttled = burst.filter((outcome) => statusOf(outcome) === STATUS.RTHROTTLED).length;
    // Ten at once, and a few more if the machine is slow.
    assert.ok(throttled >= 30 && throttled <= 50, `${throttled} of 60 were throttled`);
    let status: unknown = STATUS.RTHROTTLED;
    while (status === STATUS.RTHROTTLED) status = statusOf(await client.submit(`${NUMBER}1000`));
    assert.equal(status, 0);
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
      limits: { windowMax: 10, responseTimeoutMs: 500, enquireLinkMs: 50 },
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
