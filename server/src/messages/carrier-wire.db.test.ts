// The whole way over real sockets: accepted, submitted through an SMPP connector to a simulated message centre that
// behaves as real ones do, receipts back to the status a customer sees; and the money to the last micro.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Smsc, type SmscOptions, startSmsc } from '@sotto/simulator';
import { type CarrierFleet, createConnector, type NewConnector, startCarriers } from '#carriers';
import { startAcceptance } from './acceptance.ts';
import { isRefused } from './answers.ts';
import type { MessageClass } from './classes.ts';
import { rematchParked } from './maintenance.ts';
import { listMessages } from './reading.ts';
import { startReceipts } from './receipts.ts';
import { type Sending, startSending } from './sending.ts';
import { aRequest, PER_PART, PLENTY, tariffOver, textOfParts, UNRESTRICTED } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: carrier wire', () => {
  const at = useMessaging();
  let lines = 0;

  /** A process with one connector to a message centre of its own, as `compose` wires one; ended after the work. */
  async function onTheWire(
    options: SmscOptions,
    settings: Partial<NewConnector>,
    work: (smsc: Smsc, acceptance: ReturnType<typeof startAcceptance>) => Promise<void>,
  ): Promise<void> {
    const { db, keyring, log } = at;
    const smsc = await startSmsc({ port: 0, seed: 11, ...options });
    let fleet: CarrierFleet | undefined;
    let sending: Sending | undefined;
    try {
      const { id } = await createConnector(
        { db, keyring },
        {
          name: `wire-${++lines}`,
          host: smsc.host,
          port: smsc.port,
          systemId: 'sotto',
          windowSize: 50,
          ...settings,
        },
      );
      const tariff = tariffOver([id]);
      const made = Promise.withResolvers<Sending>();
      const receipts = startReceipts({
        db,
        keyring,
        isPending: (connectorId, id) => sending!.outcomes.isPending(connectorId, id),
        settled: () => sending!.outcomes.settled(),
        recent: () => sending!.outcomes.recent,
        onMatched: (connectorId, form) => fleet!.matched(connectorId, form),
        onCounted: () => undefined,
      });
      fleet = await startCarriers({
        db,
        keyring,
        drainMs: 200,
        sinks: {
          async receipts(batch) {
            await made.promise;
            await receipts(batch);
          },
          inbound: async () => undefined,
        },
      });
      sending = await startSending({ db, keyring, fleet, tariff: () => tariff, log, pollMs: 50 });
      made.resolve(sending);
      const acceptance = startAcceptance({
        db,
        keyring,
        tariff: () => tariff,
        restrictions: UNRESTRICTED,
        handoff: sending.handoff,
      });
      await work(smsc, acceptance);
      await at.sql('update carriers.connector set enabled = false, version = version + 1 where id = $1', [
        id,
      ]);
    } finally {
      await sending?.stop(500);
      await fleet?.stop();
      await smsc.stop('drop');
    }
  }

  /** How many of a workspace's messages show each status. */
  async function statuses(workspaceId: string): Promise<Record<string, number>> {
    const { messages } = await listMessages(at.db, at.keyring, workspaceId, { below: null, limit: 1_000 });
    const counts: Record<string, number> = {};
    for (const { status } of messages) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  const ways: readonly [string, SmscOptions, Partial<NewConnector>][] = [
    ['receipts after the answer', {}, {}],
    [
      'receipts before the answer, twice and shuffled',
      { behaviour: { receipts: { order: 'before', copies: 2, shuffle: 8 } } },
      {},
    ],
    [
      'ids in hexadecimal and decimal',
      { behaviour: { responseId: 'hex', receipts: { textId: 'decimal', carriedBy: 'text' } } },
      {},
    ],
    ['only transmitter and receiver binds', { behaviour: { transceivers: false } }, { bindMode: 'tx_rx' }],
  ];
  for (const [what, options, settings] of ways) {
    test(`a hundred messages, long ones among them, are delivered and charged: ${what}`, () =>
      onTheWire(options, settings, async (_smsc, acceptance) => {
        const shop = await at.workspace();
        const requests = Array.from({ length: 100 }, (_, n) => aRequest({ text: textOfParts((n % 3) + 1) }));
        const facts = await acceptance.acceptMany(shop, requests, null);
        const parts = facts.reduce((sum, fact) => sum + (isRefused(fact) ? 0 : fact.segments), 0);
        await until(async () => {
          await rematchParked(at.db, at.keyring);
          return (await statuses(shop.workspaceId)).delivered === 100;
        }, 'delivery of all');
        assert.deepEqual(await at.purse(shop), [PLENTY - BigInt(parts) * PER_PART, 0n]);
        assert.equal(await at.count('messages.part', 'workspace_id = $1', [shop.workspaceId]), parts);
      }));
  }

  test('a line cut with a full window: nothing lost, and no copy beyond those that are flagged', () =>
    onTheWire(
      { behaviour: { disconnect: { when: { openSubmits: 20 }, how: 'rst', times: 1 } } },
      {},
      async (smsc, acceptance) => {
        const shop = await at.workspace();
        const classes: readonly MessageClass[] = ['otp', 'transactional', 'marketing'];
        const requests = Array.from({ length: 90 }, (_, n) => aRequest({ class: classes[n % 3]! }));
        await acceptance.acceptMany(shop, requests, null);
        await until(async () => {
          // The cut parts' receipts name the destination; theirs are found by it.
          await rematchParked(at.db, at.keyring);
          const now = await statuses(shop.workspaceId);
          return (now.delivered ?? 0) + (now.unknown ?? 0) === 90;
        }, 'an end for all');
        const { messages } = await listMessages(at.db, at.keyring, shop.workspaceId, {
          below: null,
          limit: 100,
        });
        const flagged = messages.filter((message) => message.possible_duplicate);
        assert.ok(flagged.every((message) => message.class === 'transactional'));
        const { submits, connections } = smsc.counts();
        assert.ok(connections >= 2, 'the line was cut');
        assert.ok(submits <= 90 + flagged.length, `${submits} submissions, ${flagged.length} flagged`);
        const delivered = messages.filter((message) => message.status === 'delivered').length;
        const [available, held] = await at.purse(shop);
        assert.equal(available, PLENTY - 90n * PER_PART);
        assert.equal(held, BigInt(90 - delivered) * PER_PART, 'what is unknown is held, the rest is charged');
      },
    ));
});
