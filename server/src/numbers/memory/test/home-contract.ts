// What every way to a home promises: in this process, and over a relay.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '#platform/ids';
import { DEPOSIT_PIECES_MAX, type HomePort, type MemoryRead, StaleHome } from '../home-port.ts';
import { aPiece, longPieces } from './hand-clock.ts';

/** `port` is asked for inside each test; `token` names the home behind it. */
export function homeContract(port: () => HomePort, token: () => string): void {
  const page = (workspaceId: string, change: Partial<MemoryRead> = {}): MemoryRead => ({
    token: token(),
    workspaceId,
    only: null,
    before: null,
    limit: 100,
    given: 100,
    receivedFrom: null,
    receivedBefore: null,
    ...change,
  });
  const texts = async (workspaceId: string, change: Partial<MemoryRead> = {}) =>
    (await port().read(page(workspaceId, change))).map(({ content }) => content.toString());

  test('what was deposited can be read, as it was', async () => {
    const workspaceId = newId();
    const odd = 'Ünïcödé "quoted" \\ \u0000 😀';
    const outcomes = await port().deposit({
      token: token(),
      pieces: [
        aPiece(odd, { workspaceId, from: 'Müller' }),
        aPiece('\u00ff\u0000', { workspaceId, form: 'octets' }),
        ...longPieces(['half 😀'.slice(0, 6), '😀'.slice(1)], 5, { workspaceId }),
      ],
    });
    assert.deepEqual(outcomes, ['stored', 'stored', 'waiting', 'stored']);
    const read = await port().read(page(workspaceId));
    assert.deepEqual(
      read.map(({ from, to, form, content, segments, complete }) => ({
        from,
        to,
        form,
        content: content.toString('latin1'),
        segments,
        complete,
      })),
      [
        ['+4915123450001', 'text', Buffer.from('half 😀'), 2],
        ['+4915123450001', 'octets', Buffer.from([0xff, 0]), 1],
        ['Müller', 'text', Buffer.from(odd), 1],
      ].map(([from, form, content, segments]) => ({
        from,
        to: '+4915555000001',
        form,
        content: (content as Buffer).toString('latin1'),
        segments,
        complete: true,
      })),
    );
    assert.ok(read.every(({ receivedAt }) => Math.abs(receivedAt - Date.now()) < 60_000));
  });

  test('reading again within the grace gives the same, and a page keeps its bounds', async () => {
    const workspaceId = newId();
    await port().deposit({
      token: token(),
      pieces: ['a', 'b', 'c'].map((text) => aPiece(text, { workspaceId })),
    });
    assert.deepEqual(await texts(workspaceId, { limit: 2, given: 1 }), ['c', 'b']);
    assert.deepEqual(await texts(workspaceId), ['c', 'b', 'a']);
    assert.deepEqual(await texts(workspaceId), ['c', 'b', 'a']);
    const [, second] = await port().read(page(workspaceId));
    assert.deepEqual(await texts(workspaceId, { before: second!.id }), ['a']);
    assert.deepEqual(await texts(workspaceId, { only: second!.id }), ['b']);
    assert.deepEqual(await texts(newId(), { only: second!.id }), []);
    assert.deepEqual(await texts(newId()), []);
  });

  test('a deposit of many long texts is answered for each, in order', async () => {
    const workspaceId = newId();
    const long = 'x'.repeat(4_000);
    const pieces = Array.from({ length: DEPOSIT_PIECES_MAX }, (_, at) =>
      aPiece(`${at} ${long}`, { workspaceId }),
    );
    const outcomes = await port().deposit({ token: token(), pieces });
    assert.equal(outcomes.length, pieces.length);
    assert.ok(outcomes.every((outcome) => outcome === 'stored'));
    assert.ok((await texts(workspaceId))[0]!.startsWith(`${DEPOSIT_PIECES_MAX - 1} `));
  });

  test('another home is meant: nothing is taken or shown', async () => {
    const workspaceId = newId();
    const meant = { token: newId() };
    await assert.rejects(port().deposit({ ...meant, pieces: [aPiece('a', { workspaceId })] }), StaleHome);
    await assert.rejects(port().read({ ...page(workspaceId), ...meant }), StaleHome);
    assert.deepEqual(await texts(workspaceId), []);
  });

  test('an older epoch than the home has seen of an assignment is refused, and a newer one is not', async () => {
    const [workspaceId, assignmentId] = [newId(), newId()];
    const deposit = (text: string, epoch: string) =>
      port().deposit({ token: token(), pieces: [aPiece(text, { workspaceId, assignmentId, epoch })] });
    assert.deepEqual(await deposit('new', '7'), ['stored']);
    assert.deepEqual(await deposit('old', '6'), ['refused']);
    assert.deepEqual(await deposit('newer', '8'), ['stored']);
    assert.deepEqual(await texts(workspaceId), ['newer', 'new']);
  });
}
