import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import pg from 'pg';
import { useDatabase } from '../../../test/harness.ts';
import { type CatalogColumn, readColumns, renderSchema, renderTypes } from './catalog.ts';

describe('platform: catalog', () => {
  const at = useDatabase({ connections: 2 });

  async function onOwn<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: at.url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  const column = (change: Partial<CatalogColumn>): CatalogColumn => ({
    table: 'trial.thing',
    column: 'a',
    type: 'text',
    baseType: 'text',
    domain: null,
    isArray: false,
    notNull: true,
    default: null,
    generated: false,
    identityAlways: false,
    enumValues: null,
    comment: null,
    ...change,
  });

  test('columns of every form become the types the code sees', async () => {
    const types = await onOwn(async (client) => {
      await client.query(`
      create schema trial;
      create domain trial.secret as bytea;
      create domain trial.longer_secret as trial.secret;
      create type trial.mood as enum ('glad', 'sad');
      create table trial.thing (
        id uuid primary key,
        amount bigint not null,
        note text,
        mood trial.mood not null,
        moods trial.mood[],
        hidden trial.secret,
        deeper trial.longer_secret not null,
        number integer generated always as identity,
        twice bigint generated always as (amount * 2) stored,
        made timestamptz not null default platform.clock(),
        facts jsonb
      );
      comment on column trial.thing.note is 'Why it is there.';
      create table trial.cut (id uuid not null) partition by range (id);
      create table trial.cut_default partition of trial.cut default;
      create view trial.seen as select id from trial.thing;`);
      return renderTypes((await readColumns(client)).filter(({ table }) => table.startsWith('trial.')));
    });
    const lines = types.split('\n').map((line) => line.trim());
    for (const line of [
      'id: string;',
      'amount: bigint;',
      '/** Why it is there. */',
      'note: string | null;',
      "mood: 'glad' | 'sad';",
      "moods: ('glad' | 'sad')[] | null;",
      'hidden: Secret | null;',
      'deeper: LongerSecret;',
      'number: GeneratedAlways<number>;',
      'twice: GeneratedAlways<bigint | null>;',
      'made: Generated<Date>;',
      'facts: Json | null;',
      "'trial.cut': {",
    ])
      assert.ok(lines.includes(line), `${line}\n${types}`);
    assert.ok(!types.includes('cut_default') && !types.includes('trial.seen'), types);
  });

  test('a column type without a TypeScript type is refused by name', () => {
    assert.throws(
      () => renderTypes([column({ baseType: 'point' })]),
      /trial\.thing\.a: no TypeScript type for point/,
    );
  });

  test('the schema is rendered the same each time, with tables and keys and without partitions', async () => {
    const first = await onOwn(renderSchema);
    assert.match(first, /^create table platform\.job \($/m);
    assert.match(first, /partition by RANGE \(id\)/);
    assert.doesNotMatch(first, /idempotency_20\d{6}|sotto_migrations/);
    assert.equal(await onOwn(renderSchema), first, 'rendering is stable');
  });

  test('row-level security, policies and grants are part of the picture', async () => {
    const text = await onOwn(async (client) => {
      await client.query(`
      create schema guarded;
      create table guarded.thing (workspace_id uuid not null);
      alter table guarded.thing enable row level security;
      alter table guarded.thing force row level security;
      create policy tenant_reads on guarded.thing for select to sotto_tenant using (workspace_id = platform.tenant());
      grant select on guarded.thing to sotto_tenant;`);
      return renderSchema(client);
    });
    const about = text.split('\n').filter((line) => /guarded\.thing/.test(line));
    assert.ok(
      about.some((line) => /enable row level security/i.test(line)) &&
        about.some((line) => /force row level security/i.test(line)),
      about.join('\n'),
    );
    assert.ok(
      about.some((line) => /policy tenant_reads/i.test(line)),
      about.join('\n'),
    );
    assert.ok(about.includes('grant select on guarded.thing to sotto_tenant;'), about.join('\n'));
  });
});
