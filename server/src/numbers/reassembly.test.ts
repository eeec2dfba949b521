import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { joinParts, type PartSet, partBytes, partContent, placePart, wholeBytes } from './reassembly.ts';

describe('reassembly', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 2, maxLength: 12 });

  /** The sets after taking parts of one tie in this order; what a store would hold. */
  function take(parts: readonly { sequence: number; content: string }[], total: number) {
    const sets: (PartSet & { contents: Map<number, string>; whole: boolean })[] = [];
    const placements = parts.map(({ sequence, content }, at) => {
      const placement = placePart(sets, sequence, content);
      if (placement.kind === 'duplicate') return placement.kind;
      let set = sets.find((each) => placement.kind === 'join' && each.id === placement.set.id);
      if (set === undefined) {
        set = { id: String(at), total, closed: false, parts: new Map(), contents: new Map(), whole: false };
        sets.unshift(set);
      }
      set.parts.set(sequence, (other) => other === content);
      set.contents.set(sequence, content);
      set.whole = set.contents.size === total;
      return placement.kind;
    });
    return { sets, placements };
  }

  test('parts in any order, any of them twice, make the text once', () => {
    fc.assert(
      fc.property(
        texts.chain((contents) => {
          const parts = contents.map((content, at) => ({ sequence: at + 1, content }));
          const copies = fc.shuffledSubarray([...parts, ...parts], { minLength: 2 * parts.length });
          return fc.tuple(fc.constant(contents), copies);
        }),
        ([contents, arriving]) => {
          const { sets, placements } = take(arriving, contents.length);
          assert.equal(sets.length, 1);
          assert.equal(joinParts('text', contents.length, sets[0]!.contents), contents.join(''));
          assert.equal(placements.filter((each) => each === 'duplicate').length, contents.length);
        },
      ),
    );
  });

  test('a reference used again after a whole text makes a second text', () => {
    const of = (letter: string) =>
      [1, 2, 3].map((sequence) => ({ sequence, content: `${letter}${sequence}` }));
    const { sets } = take([...of('a'), ...of('b')], 3);
    assert.deepEqual(
      sets.map((set) => joinParts('text', 3, set.contents)),
      ['b1b2b3', 'a1a2a3'],
    );
  });

  test('a reference used again after a text that stayed incomplete does not mix the two', () => {
    const { sets } = take(
      [
        { sequence: 1, content: 'old 1' },
        { sequence: 1, content: 'new 1' },
        { sequence: 2, content: 'new 2' },
      ],
      2,
    );
    assert.deepEqual(
      sets.map((set) => [joinParts('text', 2, set.contents), set.whole]),
      [
        ['new 1new 2', true],
        ['old 1…', false],
      ],
    );
  });

  test('nothing joins a closed set; a repeat of one of its parts is known', () => {
    const closed: PartSet = { id: 'a', total: 3, closed: true, parts: new Map([[1, (c) => c === 'one']]) };
    assert.equal(placePart([closed], 1, 'one').kind, 'duplicate');
    assert.equal(placePart([closed], 1, 'other').kind, 'begin');
    assert.equal(placePart([closed], 2, 'two').kind, 'begin');
  });

  test('each run of missing parts is one ellipsis, and missing octets leave nothing', () => {
    const parts = new Map([
      [2, 'b'],
      [5, 'e'],
    ]);
    assert.equal(joinParts('text', 6, parts), '…b…e…');
    assert.equal(joinParts('octets', 6, parts), 'be');
  });

  test('a surrogate pair cut between two parts is whole again in the text', () => {
    const pair = '😀';
    const stored = [...pair.split('')].map((half) => partContent('text', partBytes('text', half)));
    const joined = joinParts('text', 2, new Map(stored.map((half, at) => [at + 1, half])));
    assert.equal(wholeBytes('text', joined).toString('utf8'), pair);
    assert.equal(wholeBytes('text', pair[0]!).toString('utf8'), '�');
  });

  test('any octets come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), (octets) => {
        const content = Buffer.from(octets).toString('latin1');
        assert.deepEqual(partContent('octets', partBytes('octets', content)), content);
        assert.deepEqual(wholeBytes('octets', content), Buffer.from(octets));
      }),
    );
  });
});
