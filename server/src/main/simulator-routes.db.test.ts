import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type SimulatorBehaviour,
  setSimulatorBehaviour,
  simulateInbound,
  simulatorBehaviourSchema,
} from '@sotto/contract/simulator';
import { DEFAULT_BEHAVIOUR, type Smsc } from '@sotto/simulator';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { behaviourOf } from './simulator-routes.ts';

const GOOD_DAY = simulatorBehaviourSchema.parse({});

describe('the simulated carrier over HTTP', () => {
  const heard: unknown[] = [];
  let bound = true;
  const phone: Pick<Smsc, 'inbound'> = {
    inbound: async (message) => {
      if (!bound) throw new Error('no client is bound; name the account with systemId');
      heard.push(message);
      return [0];
    },
  };
  let behaviour = { ...DEFAULT_BEHAVIOUR, magicNumbers: true };
  const app = useApi({
    simulator: {
      ...phone,
      get behaviour() {
        return behaviour;
      },
      set(change) {
        behaviour = { ...behaviour, ...change } as typeof behaviour;
      },
    },
  });
  const play = (body: object) => callOperation(app.server, simulateInbound, { token: app.admin, body });
  const script = (body: object) =>
    callOperation(app.server, setSimulatorBehaviour, { token: app.admin, body });

  test('a phone writes to a number, in as many segments as its text has', async () => {
    const short = await play({ from: '+4915123456789', to: '+4915555500001', text: 'STOP' });
    assert.deepEqual([short.status, short.body], [202, { segments: 1 }]);
    assert.deepEqual(heard.at(-1), { from: '4915123456789', to: '4915555500001', text: 'STOP' });
    const long = await play({ from: '77007', to: '+4915555500001', text: 'ö'.repeat(161) });
    assert.deepEqual([long.status, long.body], [202, { segments: 2 }]);
  });

  test('a repeated request plays the phone once', async () => {
    const before = heard.length;
    const headers = { 'idempotency-key': 'one-text' };
    const body = { from: '+4915123456789', to: '+4915555500001', text: 'once' };
    const request = { token: app.admin, headers, body };
    for (let turn = 0; turn < 3; turn++) {
      assert.equal((await callOperation(app.server, simulateInbound, request)).status, 202);
    }
    assert.equal(heard.length, before + 1);
  });

  test('a phone writes with a number, not with a name', async () => {
    const refused = await play({ from: 'Example', to: '+4915555500001', text: 'STOP' });
    assert.deepEqual([refused.body.code, refused.body.field], ['invalid_sender', 'from']);
  });

  test('a text that nobody is bound to take is refused, not lost', async () => {
    bound = false;
    const refused = await play({ from: '+4915123456789', to: '+4915555500001', text: 'STOP' });
    assert.deepEqual([refused.status, refused.body.code], [503, 'unavailable']);
    bound = true;
  });

  test('a script replaces the behaviour as a whole, and an empty one brings a good day back', async () => {
    const scripted = await script({ latency_ms: 200, receipts: { outcome: 'undeliverable', copies: 2 } });
    assert.equal(scripted.status, 200);
    assert.deepEqual([behaviour.latencyMs, behaviour.receipts.state], [200, 'undeliverable']);
    assert.deepEqual((await script({ black_hole: true })).body, { ...GOOD_DAY, black_hole: true });
    assert.deepEqual([behaviour.latencyMs, behaviour.blackHole], [0, true]);
    assert.deepEqual((await script({})).body, GOOD_DAY);
    assert.equal(behaviour.blackHole, false);
    assert.equal(behaviour.magicNumbers, true, 'what the API cannot say stays');
  });

  test('the connection is cut at one point alone', async () => {
    const refused = await script({ disconnect_after_submits: 3, disconnect_at_octet: 100 });
    assert.deepEqual([refused.status, refused.body.field], [400, 'disconnect_at_octet']);
  });
});

describe('a scripted behaviour', () => {
  const scripted = (
    changes: Partial<Omit<SimulatorBehaviour, 'receipts'>>,
    receipts: Partial<SimulatorBehaviour['receipts']> = {},
  ) => behaviourOf({ ...GOOD_DAY, ...changes, receipts: { ...GOOD_DAY.receipts, ...receipts } });

  test('of a good day is that of a new simulator, but for the time of its receipts', () => {
    assert.deepEqual(scripted({}), {
      ...DEFAULT_BEHAVIOUR,
      receipts: { ...DEFAULT_BEHAVIOUR.receipts, delayMs: 50 },
    });
  });

  test('answers a share of submissions with a status, and limits what it takes', () => {
    const { errors, partsPerSecond, queueMax } = scripted({
      submit_status: 0x58,
      submit_status_share: 0.25,
      parts_per_second_max: 10,
      queue_max: 5,
    });
    assert.deepEqual(errors, [{ status: 0x58, probability: 0.25 }]);
    assert.deepEqual([partsPerSecond, queueMax], [10, 5]);
  });

  test('cuts one connection, by submissions or by octets', () => {
    assert.deepEqual(scripted({ disconnect_after_submits: 3 }).disconnect, {
      when: { submits: 3 },
      how: 'rst',
      times: 1,
    });
    assert.deepEqual(scripted({ disconnect_at_octet: 77 }).disconnect?.when, { octetsSent: 77 });
    assert.equal(scripted({}).disconnect, null);
  });

  test('spells the id in receipts as its answers do, or in the other base', () => {
    const spelling = (id_form: 'same' | 'hex' | 'decimal') => {
      const { responseId, receipts } = scripted({}, { id_form });
      return [responseId, receipts.textId, receipts.tlvId];
    };
    assert.deepEqual(spelling('same'), ['decimal', 'decimal', 'decimal']);
    assert.deepEqual(spelling('hex'), ['decimal', 'hex', 'hex']);
    assert.deepEqual(spelling('decimal'), ['hex', 'decimal', 'decimal']);
  });

  test('sends receipts of every outcome, or none', () => {
    assert.equal(scripted({}, { outcome: 'none' }).receipts.send, 'never');
    for (const outcome of ['delivered', 'undeliverable', 'expired', 'rejected', 'unknown'] as const) {
      const { send, state } = scripted({}, { outcome }).receipts;
      assert.deepEqual([send, state], ['requested', outcome]);
    }
  });
});
