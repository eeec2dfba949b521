// What carriers answered, stored: the next route, later, again, unknown; and who pays for what was taken.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartOutcome, PartToSubmit } from '#carriers';
import { LoopbackConnector, type LoopbackVerdict } from '#carriers/loopback';
import { newId } from '#platform/ids';
import type { ClaimedPart } from './handoff.ts';
import { resultOf, startOutcomes } from './outcomes.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts } from './test/arrange.ts';
import { claimBy } from './test/claiming.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: outcomes', () => {
  const at = useMessaging();

  const refused = (
    severity: 'permanent' | 'temporary' | 'throttled',
    errorCode = 'ESME_RSUBMITFAIL',
  ): PartOutcome => ({
    kind: 'refused',
    status: 0x45,
    errorCode,
    severity,
  });
  const LOST: PartOutcome = { kind: 'unknown', reason: 'lost' };
  const NOT_SENT: PartOutcome = { kind: 'not_sent' };
  let answers = 0;
  const taken = (): PartOutcome => ({ kind: 'accepted', carrierMessageId: `taken-${++answers}` });
  /** Answers the first parts with these, in order, and takes the rest. */
  const firstly =
    (...verdicts: LoopbackVerdict[]) =>
    (_part: PartToSubmit): LoopbackVerdict =>
      verdicts.shift() ?? taken();
  const never = (part: PartToSubmit): LoopbackVerdict => assert.fail(`${part.lane} part came here`);
  const queueRow = async (id: string) =>
    (
      await at.sql<{
        attempts: number;
        due: boolean;
        tried: string[] | null;
        sender_token: string | null;
        resent: boolean;
      }>(
        `select attempts, due_at > platform.clock() as due, tried, sender_token, resent from messages.queue where message_id = $1`,
        [id],
      )
    )[0];

  describe('a refusal for good', () => {
    test('sends the message the next way, and charges it once', async () => {
      const [first, second] = [newId(), newId()];
      const line = await at.line({
        connectors: [
          new LoopbackConnector({ id: first, script: () => refused('permanent') }),
          new LoopbackConnector({ id: second, script: taken }),
        ],
        tariff: tariffOver([first, second]),
      });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      const message = await at.becomes(shop, id, 'submitted');
      assert.equal(message.possible_duplicate, false);
      assert.deepEqual(
        [...line.connectors.values()].map(({ written }) => written.length),
        [1, 1],
      );
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
    });

    test('by every route rejects it with the reason, and costs nothing', async () => {
      const [first, second] = [newId(), newId()];
      const line = await at.line({
        connectors: [
          new LoopbackConnector({ id: first, script: () => refused('permanent', 'ESME_RSUBMITFAIL') }),
          new LoopbackConnector({ id: second, script: () => refused('permanent', 'ESME_RINVDSTADR') }),
        ],
        tariff: tariffOver([first, second]),
      });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      const message = await at.becomes(shop, id, 'rejected');
      assert.equal(message.error?.code, 'unknown_subscriber');
      assert.ok(message.finished_at !== null);
      assert.deepEqual(
        [...line.connectors.values()].map(({ written }) => written.length),
        [1, 1],
      );
      assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    });

    test('of one part of a long message does not send that part another way', async () => {
      const [first, second] = [newId(), newId()];
      const line = await at.line({
        connectors: [
          new LoopbackConnector({
            id: first,
            script: (part) => (part.concat?.sequence === 2 ? refused('permanent') : taken()),
          }),
          new LoopbackConnector({ id: second, script: never }),
        ],
        tariff: tariffOver([first, second]),
      });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest({ text: textOfParts(3) }), null);
      await until(async () => (await at.purse(shop))[1] === 0n, 'the settlement');
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 0n], 'two parts of three were taken');
      const detail = await at.detail(shop, id);
      assert.deepEqual(
        detail.parts.map(({ status }) => status),
        ['submitted', 'rejected', 'submitted'],
      );
    });
  });

  describe('a refusal for now', () => {
    for (const severity of ['temporary', 'throttled'] as const) {
      test(`(${severity}) puts the message back for later, unclaimed and uncharged`, async () => {
        const line = await at.line({ script: firstly(refused(severity)) });
        const shop = await at.workspace();
        const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
        await until(async () => (await queueRow(id))?.attempts === 1);
        const row = await queueRow(id);
        assert.deepEqual([row!.due, row!.tried, row!.sender_token], [true, null, null]);
        assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
        const message = await at.becomes(shop, id, 'submitted');
        assert.equal(message.possible_duplicate, false, 'the carrier said that it has none');
        assert.equal(line.connector.written.length, 2);
        assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
      });
    }

    test('again and again waits longer each time, up to a minute', () => {
      const part = { attempts: 0 } as ClaimedPart;
      const { id } = { id: newId() };
      const claimed = (attempts: number): ClaimedPart => ({
        ...part,
        attempts,
        outbound: { messageId: id } as ClaimedPart['outbound'],
        connectorId: id,
      });
      for (const [attempts, most] of [
        [0, 1_000],
        [1, 2_000],
        [3, 8_000],
        [6, 60_000],
        [200, 60_000],
      ] as const) {
        const result = resultOf(claimed(attempts), refused('throttled'), tariffOver([id]));
        assert.ok(result.kind === 'back');
        assert.ok(
          result.row.delayMs >= most / 2 && result.row.delayMs <= most,
          `${attempts}: ${result.row.delayMs}`,
        );
      }
    });
  });

  test('what was never written goes again at once, without a mark', async () => {
    const line = await at.line({ script: firstly(NOT_SENT) });
    const shop = await at.workspace();
    const { id } = await line.acceptance.acceptOne(shop, aRequest({ class: 'otp' }), null);
    const message = await at.becomes(shop, id, 'submitted');
    assert.equal(message.possible_duplicate, false);
    assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
  });

  describe('an unknown outcome', () => {
    for (const messageClass of ['otp', 'marketing'] as const) {
      test(`of ${messageClass} is never sent again, and its hold stays open`, async () => {
        const line = await at.line({ script: firstly(LOST) });
        const shop = await at.workspace();
        const { id } = await line.acceptance.acceptOne(shop, aRequest({ class: messageClass }), null);
        const message = await at.becomes(shop, id, 'unknown');
        assert.deepEqual([message.possible_duplicate, message.error?.code], [false, 'outcome_unknown']);
        await at.advance(5_000);
        line.sending.wake();
        await line.sending.outcomes.settled();
        assert.equal(line.connector.written.length, 1);
        assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, PER_PART]);
      });
    }

    test('of a transactional message sends it once more, flagged, and charges it once', async () => {
      const line = await at.line({ script: firstly(LOST) });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      const message = await at.becomes(shop, id, 'submitted');
      assert.equal(message.possible_duplicate, true);
      assert.equal(line.connector.written.length, 2);
      assert.deepEqual(await at.purse(shop), [PLENTY - PER_PART, 0n]);
    });

    test('twice is not tried a third time', async () => {
      const line = await at.line({ script: firstly(LOST, LOST) });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest(), null);
      const message = await at.becomes(shop, id, 'unknown');
      assert.equal(message.possible_duplicate, true);
      assert.equal(line.connector.written.length, 2);
    });
  });

  describe('a long message', () => {
    test('of which a part is unknown keeps its whole hold until that is decided', async () => {
      const line = await at.line({ script: (part) => (part.concat?.sequence === 1 ? LOST : taken()) });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(
        shop,
        aRequest({ class: 'otp', text: textOfParts(2) }),
        null,
      );
      await until(async () => (await at.count('messages.part', 'message_id = $1', [id])) === 2);
      assert.deepEqual(await at.purse(shop), [PLENTY - 2n * PER_PART, 2n * PER_PART]);
    });

    test('of which nothing was taken costs nothing', async () => {
      const line = await at.line({ script: () => refused('permanent') });
      const shop = await at.workspace();
      const { id } = await line.acceptance.acceptOne(shop, aRequest({ text: textOfParts(3) }), null);
      await at.becomes(shop, id, 'rejected');
      assert.deepEqual(await at.purse(shop), [PLENTY, 0n]);
    });

    test('whose parts are answered in two processes at the same moment is settled once, and not forgotten', async () => {
      const connectorId = newId();
      const shop = await at.workspace();
      const tariff = tariffOver([connectorId]);
      for (let round = 0; round < 8; round++) {
        const { id } = await at.acceptance(tariff).acceptOne(shop, aRequest({ text: textOfParts(2) }), null);
        const parts = await Promise.all(
          [1, 2].map((sequence) => claimBy(at, newId(), id, sequence, shop.workspaceId, connectorId)),
        );
        const stores = parts.map(() =>
          startOutcomes({ db: at.db, tariff: () => tariff, log: at.log, onStored: () => undefined }),
        );
        for (const [n, store] of stores.entries()) store.submitted(parts[n]!, taken());
        await Promise.all(stores.map((store) => store.settled()));
        assert.equal(
          await at.count('ledger.hold', `id = $1 and state = 'captured'`, [id]),
          1,
          `round ${round}`,
        );
      }
      assert.deepEqual(await at.purse(shop), [PLENTY - 16n * PER_PART, 0n]);
    });
  });
});
