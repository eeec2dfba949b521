// The promise about content, searched for on real disks: unique words are sent through real processes in both
// directions, with long texts, receipts that quote them, failures, a kill and a restart; then every octet of every file
// is looked through. docs/privacy/content-modes.md says what this shows and what it cannot.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ContentModes } from '../../src/main/content-modes.ts';
import { makeMutant } from '../faults/mutation.ts';
import { eventually } from '../faults/waiting.ts';
import { IN_SWEEPS } from '../sweep.ts';
import { type Canaries, describeHits, drawCanaries, octetsWritten, search, textsOf } from './proof.ts';
import { ProofInstallation } from './proof-installation.ts';

const NONE: ContentModes = { inbound: { store: 'none' }, outbound: { store: 'until_final', ceiling: 'P2D' } };
const SEALED: ContentModes = { inbound: { store: 'until_read', ceiling: 'P1D' }, outbound: { store: 'P3D' } };
const LIMIT = { timeout: 240_000 };

const installations = new Set<ProofInstallation>();
after(async () => {
  for (const installation of installations) await installation.remove();
});

/** Processes of these roles, the first one with the API, and a number that a handset can write to. */
async function install(modes: ContentModes, roles: readonly string[], source?: string, binds = 1) {
  const canaries = drawCanaries();
  const installation = await ProofInstallation.create(modes, source);
  installations.add(installation);
  for (const each of roles) await installation.start(each);
  await installation.configure(canaries.ours, binds);
  return { installation, canaries, texts: textsOf(canaries) };
}

/** Outbound texts to every end: delivered with receipts that quote them, undeliverable, refused. */
async function sendAll(installation: ProofInstallation, { outbound, reached, unreachable }: Canaries) {
  const noted = { reference: outbound, metadata: { note: outbound } };
  return Promise.all([
    installation.send({ to: reached, text: `${outbound} on its way`, ...noted }),
    installation.send({ to: reached, text: `${outbound} щ `.repeat(9), class: 'otp' }),
    installation.send({ to: unreachable, text: `${outbound}, `.repeat(12) }),
    installation.send({ to: reached, text: `${outbound} `.repeat(200) }),
  ]);
}
const ENDS = ['delivered', 'delivered', 'undeliverable', 'refused: text_too_long'];

/** Reads until a text that came is listed. */
const reads = (installation: ProofInstallation, text: string) =>
  eventually('the text can be read', 30_000, async () =>
    (await installation.read()).find((each) => each.text === text),
  );

describe('where inbound texts may not be stored', () => {
  test('nothing of them is on any disk: two processes, a kill, a restart', LIMIT, async () => {
    const [api, carrier] = ['api,worker', 'carrier'] as const;
    const { installation, canaries, texts } = await install(NONE, [api, carrier]);
    await installation.writes(texts.short);
    const read = await reads(installation, texts.short.text);
    assert.deepEqual([read.from, read.retention, read.complete], [canaries.sender, 'memory', true]);
    await installation.writes(texts.cyrillic);
    await reads(installation, texts.cyrillic.text);
    assert.deepEqual(await sendAll(installation, canaries), ENDS);

    // What nobody has read ends with the process, and that is counted.
    await installation.writes(texts.payload);
    await installation.writes(texts.half);
    const running = search(installation, canaries);
    await new Promise((next) => setTimeout(next, 1_000));
    await installation.kill(carrier);
    await installation.start(carrier);
    await installation.writes(texts.long);
    await reads(installation, texts.long.text);
    assert.ok(!(await installation.read()).some(({ text }) => text === texts.payload.text));
    const lost = await eventually('the loss is counted', 30_000, async () => {
      const [row] = await installation.sql<{ texts: string }>('select texts from numbers.memory_loss');
      return Number(row!.texts) || undefined;
    });
    assert.equal(lost, 2);

    assert.equal(await octetsWritten(installation), 0);
    await installation.sql('checkpoint');
    await installation.stop();
    const stopped = search(installation, canaries);
    assert.deepEqual([...describeHits(running, installation), ...describeHits(stopped, installation)], []);
    assert.ok(stopped.files > 100 && stopped.bytes > 20_000_000, 'the whole installation was searched');
  });

  test('nor where two processes take texts from carriers and hand them to one home', {
    ...LIMIT,
    ...IN_SWEEPS,
  }, async () => {
    const [first, second] = ['api,carrier', 'carrier,worker'] as const;
    const { installation, canaries, texts } = await install(NONE, [first, second], undefined, 2);
    await eventually('both processes have a bind', 30_000, async () => {
      const [row] = await installation.sql<{ processes: number }>(
        `select count(distinct token)::integer as processes from carriers.bind_lease
          where expires_at > platform.clock()`,
      );
      if (row!.processes === 2) return true;
      // The first to come has taken both: one is given back, until the other is quicker.
      await installation.sql('update carriers.bind_lease set token = null where slot = 1');
      await new Promise((next) => setTimeout(next, 1_000));
      return undefined;
    });
    // Message centres take turns with binds, so the parts of a text come in by both processes.
    for (const text of [texts.short, texts.cyrillic, texts.long]) {
      await installation.writes(text);
      assert.equal((await reads(installation, text.text)).complete, true);
    }
    const homes = () =>
      installation.sql<{ epoch: string; token: string }>('select epoch, token from numbers.assignment_home');
    const [before, ...others] = await homes();
    assert.equal(others.length, 0);

    // Whichever was the home: texts go on coming in and being read, at the latest under the next epoch.
    await installation.kill(second);
    await installation.writes(texts.payload);
    await reads(installation, texts.payload.text);
    const [after] = await homes();
    assert.ok(after!.token === before!.token || Number(after!.epoch) === Number(before!.epoch) + 1);
    assert.equal(await octetsWritten(installation), 0);
    await installation.stop();
    assert.deepEqual(describeHits(search(installation, canaries), installation), []);
  });

  test('a build that stores them all the same is caught, though it seals them', LIMIT, async () => {
    const mutant = makeMutant([
      {
        file: 'main/compose.ts',
        find: 'memory?.sink ?? createInboundSink(db, keyring, storedMode)',
        replace: 'createInboundSink(db, keyring, storedMode)',
      },
    ]);
    try {
      const { installation, texts } = await install(NONE, ['api,worker,carrier'], mutant.source);
      await installation.writes(texts.short);
      await reads(installation, texts.short.text);
      assert.notEqual(await octetsWritten(installation), 0);
      await installation.stop();
    } finally {
      mutant.remove();
    }
  });

  test('a build with a forgotten line of debugging is caught by the octets', {
    ...LIMIT,
    ...IN_SWEEPS,
  }, async () => {
    const mutant = makeMutant([
      {
        file: 'numbers/memory/memory-sink.ts',
        find: 'const pieces = parts.map(readPart);',
        replace: 'const pieces = parts.map(readPart); process.stderr.write(JSON.stringify(pieces));',
      },
    ]);
    try {
      const { installation, canaries, texts } = await install(NONE, ['api,worker,carrier'], mutant.source);
      await installation.writes(texts.short);
      await reads(installation, texts.short.text);
      const found = describeHits(search(installation, canaries), installation);
      assert.ok(found.some((hit) => /^logs\/.*: inbound text: UTF-8/.test(hit)));
      assert.ok(found.some((hit) => /^logs\/.*: sender: UTF-8/.test(hit)));
      await installation.stop();
    } finally {
      mutant.remove();
    }
  });
});

test('where texts are stored sealed, no plain one is on any disk', LIMIT, async () => {
  const all = 'api,worker,carrier';
  const { installation, canaries, texts } = await install(SEALED, [all]);
  await installation.writes(texts.short);
  assert.equal((await reads(installation, texts.short.text)).retention, 'stored');
  await installation.writes(texts.cyrillic);
  await installation.writes(texts.half);
  assert.deepEqual(await sendAll(installation, canaries), ENDS);
  await installation.kill(all);
  await installation.start(all);
  await installation.writes(texts.payload);
  await reads(installation, texts.cyrillic.text);
  assert.notEqual(await octetsWritten(installation), 0);
  await installation.sql('checkpoint');
  await installation.stop();
  assert.deepEqual(describeHits(search(installation, canaries), installation), []);
});
