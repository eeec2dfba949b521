// Whatever somebody with every right on the database does to the trail, short of signing, is found. The damage is
// done at random to a chain of several segments; what was there is put back after each try.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createPrng, type Random } from './test/random.ts';
import { KEY_ID, useTrail, WORKSPACE_ID } from './test/trail.ts';

const ENTRIES = 36;
const TRIES = 120;
const TABLES = ['audit_entry', 'audit_link', 'audit_segment', 'audit_chain', 'audit_pending'] as const;

/** One entry or link, by its place. */
const at = (seq: number) => `(select entry_id from privacy.audit_link where seq = ${seq})`;

/** Ways to tamper; each changes something whatever the dice say. */
const DAMAGE: Readonly<Record<string, (random: Random) => readonly string[]>> = {
  'a field of an entry is changed': (random) => [
    `update privacy.audit_entry set ${random.of([
      `action = 'workspace.created'`,
      `outcome = 'failed'`,
      `actor_kind = 'staff'`,
      'actor = object, object = null, object_kind = null',
      'affected = affected + 1',
      'affected = null',
      `request = '01930000-0000-7000-8000-00000000000a'`,
      `recorded_at = recorded_at + interval '1 microsecond'`,
      `object_kind = 'workspace'`,
      `actor = overlay(actor placing '\\x00'::bytea from 9) , affected = affected + 7`,
    ])} where id = ${at(random.place())}`,
  ],
  'a sealed payload is changed': (random) => [
    `update privacy.audit_entry set ${random.of([
      `payload = set_byte(payload, 50, (get_byte(payload, 50) + 1) % 256)`,
      `payload = '\\x00', payload_hash = sha256('\\x00')`,
      'payload = null, payload_hash = null',
    ])} where id = ${at(random.place())}`,
  ],
  'an entry is deleted': (random) => [`delete from privacy.audit_entry where id = ${at(random.place())}`],
  'a link is deleted': (random) => [`delete from privacy.audit_link where seq = ${random.place()}`],
  'an entry is deleted with its link': (random) => {
    const place = random.place();
    return [
      `delete from privacy.audit_entry where id = ${at(place)}`,
      `delete from privacy.audit_link where seq = ${place}`,
    ];
  },
  'an entry is deleted and the places behind it close up': (random) => {
    const place = random.place();
    return [
      `delete from privacy.audit_entry where id = ${at(place)}`,
      `delete from privacy.audit_link where seq = ${place}`,
      `update privacy.audit_link set seq = seq - 1 where seq > ${place}`,
    ];
  },
  'the tail is cut off': (random) => {
    const place = random.place();
    return [
      `delete from privacy.audit_entry where id in (select entry_id from privacy.audit_link where seq >= ${place})`,
      `delete from privacy.audit_link where seq >= ${place}`,
      random.of([
        'select 1',
        `update privacy.audit_chain set seq = ${place - 1}`,
        `update privacy.audit_segment set last_seq = greatest(first_seq, ${place - 1}) where ${place} between first_seq and last_seq`,
      ]),
    ];
  },
  'the last segment is cut off, and the end of the chain left': () => [
    `delete from privacy.audit_entry where id in (select entry_id from privacy.audit_link where segment = 3)`,
    'delete from privacy.audit_link where segment = 3',
    'delete from privacy.audit_segment where segment = 3',
  ],
  'a segment is deleted': (random) => [
    `delete from privacy.audit_segment where segment = ${random.of(['1', '2', '3'])}`,
  ],
  'two places are exchanged': (random) => {
    const [first, second] = random.twoPlaces();
    return [
      `update privacy.audit_link set seq = case seq when ${first} then ${second} else ${first} end
        where seq in (${first}, ${second})`,
    ];
  },
  'the entries of two places are exchanged': (random) => {
    const [first, second] = random.twoPlaces();
    return [
      `create temporary table swap as
         select a.entry_id as one, a.hash as one_hash, b.entry_id as two, b.hash as two_hash
           from privacy.audit_link a, privacy.audit_link b where a.seq = ${first} and b.seq = ${second}`,
      `update privacy.audit_link l set hash = case when l.entry_id = s.one then s.two_hash else s.one_hash end,
              seq = case when l.entry_id = s.one then ${second} else ${first} end
         from swap s where l.entry_id in (s.one, s.two)`,
      'drop table swap',
    ];
  },
  'an entry is slipped in without a place': (random) => [
    `insert into privacy.audit_entry (id, action, outcome, actor_kind)
     values (overlay(${at(random.place())}::text placing 'ffffffff' from 29)::uuid, 'api_key.created', 'done', 'system')`,
  ],
  'an entry is slipped in with a place of its own': (random) => {
    const place = random.place();
    const id = `overlay((select entry_id from privacy.audit_link where seq = ${place})::text placing 'ffffffff' from 29)::uuid`;
    return [
      `insert into privacy.audit_entry (id, action, outcome, actor_kind) values (${id}, 'api_key.created', 'done', 'system')`,
      `insert into privacy.audit_link select ${id}, segment, ${random.of(['seq', 'seq + 1', '4711'])}, hash
         from privacy.audit_link where seq = ${place}`,
    ];
  },
  'a link is put into a segment that does not exist': (random) => [
    `update privacy.audit_link set segment = 9 where seq = ${random.place()}`,
  ],
  'the hash of a link is changed': (random) => [
    `update privacy.audit_link set hash = sha256(hash) where seq = ${random.place()}`,
  ],
  'a signed head is changed': (random) => [
    `update privacy.audit_segment set ${random.of([
      'head_hash = sha256(head_hash)',
      'start_hash = sha256(start_hash)',
      'month = month + 100',
      "signed_at = signed_at + interval '1 second'",
      "signature = signature || ''::bytea, last_seq = last_seq + 1",
      'key_epoch = 2',
      `signature = overlay(signature placing '\\xff00ff'::bytea from 20)`,
    ])} where segment = ${random.of(['1', '2', '3'])}`,
  ],
  'a segment is called pruned': (random) => {
    const segment = random.of(['1', '2', '3']);
    return [
      `insert into privacy.audit_pruning
         select segment, signed_at, key_epoch, signature from privacy.audit_segment where segment = ${segment}`,
      `delete from privacy.audit_entry where id in (select entry_id from privacy.audit_link where segment = ${segment})`,
      `delete from privacy.audit_link where segment = ${segment}`,
    ];
  },
  'the end of the chain is changed': (random) => [
    `update privacy.audit_chain set ${random.of(['seq = seq + 1', 'seq = seq - 1', 'head_hash = sha256(head_hash)'])}`,
  ],
};

describe('a trail of three segments', () => {
  const trail = useTrail();
  before(async () => {
    // Three months, so that there are three segments.
    for (let month = 0; month < 3; month++) {
      await trail.write(ENTRIES / 3, { sealed: { workspaceId: WORKSPACE_ID, ids: { key_id: KEY_ID } } });
      await trail.seal();
      await trail.database.advance(32 * 86_400_000);
    }
    for (const table of TABLES)
      await trail.database.sql(`create table sotto_test.${table} as table privacy.${table}`);
  });

  async function restore(): Promise<void> {
    for (const table of TABLES) {
      await trail.tamper(`delete from privacy.${table}`);
      await trail.tamper(`insert into privacy.${table} select * from sotto_test.${table}`);
    }
  }

  test('the chain is whole before anybody touches it', async () => {
    const { firstBreak, segments, links, head } = await trail.verify();
    assert.equal(firstBreak, null);
    assert.deepEqual([segments, links, head?.seq], [3, ENTRIES, BigInt(ENTRIES)]);
  });

  test('tampering of every kind, at random places, is found each time (checklist 47)', async () => {
    const random = createPrng(ENTRIES);
    const kinds = Object.keys(DAMAGE);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const kind = kinds[attempt % kinds.length]!;
      const statements = DAMAGE[kind]!(random);
      for (const statement of statements) await trail.tamper(statement);
      const { firstBreak } = await trail.verify();
      assert.notEqual(
        firstBreak,
        null,
        `seed ${random.seed}: ${kind} was not found\n${statements.join('\n')}`,
      );
      await trail.tamper('delete from privacy.audit_pruning');
      await restore();
    }
    assert.equal((await trail.verify()).firstBreak, null, 'what was put back is whole');
  });

  test('the first break is named, with its place and what happened there', async () => {
    const cases: readonly (readonly [string[], string, bigint | null])[] = [
      [[`update privacy.audit_entry set affected = 99 where id = ${at(5)}`], 'modified', 5n],
      [[`delete from privacy.audit_entry where id = ${at(6)}`], 'deleted', 6n],
      [[`delete from privacy.audit_link where seq = 7`], 'deleted', 7n],
      [[`delete from privacy.audit_link where seq >= 34`], 'truncated', 34n],
      [[`update privacy.audit_link set seq = 41 - seq where seq in (20, 21)`], 'reordered', 20n],
      [[`update privacy.audit_segment set head_hash = sha256(head_hash) where segment = 2`], 'forged', 13n],
      [
        [
          `insert into privacy.audit_link select '01930000-0000-7000-8000-00000000000b', segment, seq, hash
         from privacy.audit_link where seq = 9`,
        ],
        'inserted',
        9n,
      ],
      [
        [
          `update privacy.audit_entry set affected = 1 where id = ${at(30)}`,
          `update privacy.audit_entry set affected = 1 where id = ${at(3)}`,
        ],
        'modified',
        3n,
      ],
    ];
    for (const [statements, kind, seq] of cases) {
      for (const statement of statements) await trail.tamper(statement);
      const { firstBreak } = await trail.verify();
      assert.deepEqual([firstBreak?.kind, firstBreak?.seq], [kind, seq], statements.join());
      await restore();
    }
  });

  test('a trail put back whole to an earlier head is found by a head that was noted elsewhere', async () => {
    const { head } = await trail.verify();
    await trail.tamper(
      `delete from privacy.audit_entry where id in (select entry_id from privacy.audit_link where segment = 3)`,
    );
    await trail.tamper('delete from privacy.audit_link where segment = 3');
    await trail.tamper('delete from privacy.audit_segment where segment = 3');
    await trail.tamper(`update privacy.audit_chain c set segment = s.segment, seq = s.last_seq, head_hash = s.head_hash
    from privacy.audit_segment s where s.segment = 2`);
    assert.equal((await trail.verify()).firstBreak, null, 'it is an earlier state of the chain, and signed');
    const { firstBreak } = await trail.verify({ expected: head! });
    assert.equal(firstBreak?.kind, 'truncated');
    await restore();
    assert.equal((await trail.verify({ expected: head! })).firstBreak, null);
    const other = { seq: head!.seq, hash: '00'.repeat(32) };
    assert.equal((await trail.verify({ expected: other })).firstBreak?.kind, 'forged');
  });

  test('a part of the chain is checked alone', async () => {
    await trail.tamper(`update privacy.audit_entry set affected = 99 where id = ${at(5)}`);
    assert.equal((await trail.verify({ fromSegment: 2 })).firstBreak, null);
    assert.equal((await trail.verify({ fromSegment: 2 })).segments, 2);
    assert.equal((await trail.verify({ toSegment: 1 })).firstBreak?.seq, 5n);
    await restore();
  });

  test('rewriting an entry and every hash behind it does not help without the signing key', async () => {
    const { linkHash } = await import('./canonical.ts');
    const { rows } = await import('./test/rehash.ts');
    await trail.tamper(`update privacy.audit_entry set affected = 99 where id = ${at(30)}`);
    let hash: Buffer | undefined;
    for (const { entry, previous, segment, seq } of await rows(trail.database, 30)) {
      hash = linkHash(hash ?? previous, segment, seq, entry);
      await trail.tamper('update privacy.audit_link set hash = $2 where entry_id = $1', [entry.id, hash]);
    }
    assert.equal(
      (await trail.verify()).firstBreak?.kind,
      'forged',
      'the links fit each other and not the head',
    );
    await trail.tamper('update privacy.audit_segment set head_hash = $1 where segment = 3', [hash]);
    await trail.tamper('update privacy.audit_chain set head_hash = $1', [hash]);
    const { firstBreak } = await trail.verify();
    assert.deepEqual([firstBreak?.kind, firstBreak?.segment], ['forged', 3]);
    await restore();
  });
});
