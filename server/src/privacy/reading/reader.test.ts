import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Expression, sql } from 'kysely';
import { demandPurpose } from '#platform/purposes-in-force';
import { type DataMap, steward } from '../map/data-map.ts';
import type { Json } from '../map/domains.ts';
import { clear, closedJson, operations } from '../map/tags.ts';
import { DATABASE_CLOCK } from './database-clock.sql.ts';
import { UnreadableQuery } from './read-guard.ts';
import { readerOver } from './reader.ts';

interface Tables {
  'shop.customer': { id: string; number: string; balance: bigint; detail: Json };
  'shop.visit': { id: string; customer_id: string; seen_at: Date };
}

const number = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'billing'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});
const balance = clear({
  category: 'user.financial.ledger_entry',
  purposes: ['billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'anonymise',
});

const shop = steward('shop', {
  customer: {
    about: [{ column: 'id', leadsTo: 'person' }],
    columns: { id: operations, number, balance, detail: closedJson({ shape: operations, balance }) },
  },
  visit: {
    about: [{ column: 'customer_id', leadsTo: 'shop.customer' }],
    columns: { id: operations, customer_id: operations, seen_at: balance },
  },
} as const satisfies DataMap<Tables, 'shop'>);

const tx = { demandPurpose: (purpose: string) => demandPurpose(undefined, purpose) };
const read = readerOver<Tables>()(shop);
const forService = read(tx, 'service');
const forBilling = read(tx, 'billing');

/** A name the types do not know: what a cast would let through. */
const smuggled = (name: string) => name as 'id';

const refused = (query: { compile(): unknown }, sentence: RegExp) =>
  assert.throws(
    () => query.compile(),
    (error: unknown) =>
      error instanceof UnreadableQuery &&
      error.message.startsWith('E-PURPOSE: a read for service ') &&
      sentence.test(error.message),
  );

test('a read within its purpose compiles to the SQL it says, with joins, aliases, counts and the clock', () => {
  const query = forBilling
    .with('seen', (reader) =>
      reader
        .selectFrom('shop.visit')
        .select(['customer_id', 'seen_at'])
        .where('seen_at', '<', DATABASE_CLOCK),
    )
    .selectFrom('shop.customer as c')
    .innerJoin('seen', 'seen.customer_id', 'c.id')
    .select(({ fn }) => ['c.number as balance', fn.countAll<bigint>().as('visits')])
    .groupBy('c.number')
    .orderBy('visits', 'desc');
  assert.equal(
    query.compile().sql,
    'with "seen" as (select "customer_id", "seen_at" from "shop"."visit" where "seen_at" < (select platform.clock())) ' +
      'select "c"."number" as "balance", count(*) as "visits" from "shop"."customer" as "c" ' +
      'inner join "seen" on "seen"."customer_id" = "c"."id" group by "c"."number" order by "visits" desc',
  );
});

test('expressions may read one another, and a subquery may be read from; neither widens what is seen', () => {
  const chained = forService
    .with('a', (reader) => reader.selectFrom('shop.customer').select(['id', 'number']))
    .with('b', (reader) => reader.selectFrom('a').select('a.number as balance'))
    .selectFrom('b')
    .innerJoin(
      (eb) => eb.selectFrom('shop.visit').select(['id', 'customer_id']).as('v'),
      (join) => join.onTrue(),
    )
    .select(['b.balance', 'v.customer_id'])
    .where('balance', '=', '1');
  assert.match(chained.compile().sql, /"b" as \(select "a"\."number" as "balance" from "a"\)/);
  const widened = forService
    .with('a', (reader) => reader.selectFrom('shop.customer').select(smuggled('balance as id')))
    .selectFrom('a')
    .select('id');
  refused(widened, /names shop\.customer\.balance/);
  const inSubquery = forService
    .selectFrom((eb) => eb.selectFrom('shop.customer').select(smuggled('balance as id')).as('c'))
    .select('c.id');
  refused(inSubquery, /names shop\.customer\.balance/);
});

test('an alias may be called like a column the purpose may not see', () => {
  const query = forService.selectFrom('shop.customer').select('number as balance').orderBy('balance');
  assert.match(query.compile().sql, /order by "balance"$/);
});

test('whole rows are refused, wherever they are asked for', () => {
  const customers = forService.selectFrom('shop.customer as c');
  refused(customers.selectAll(), /selects whole rows/);
  refused(customers.selectAll('c'), /selects whole rows/);
  refused(
    customers.select('c.id').where((eb) => eb.exists(eb.selectFrom('shop.visit').selectAll())),
    /selects whole rows/,
  );
  refused(
    customers.select(({ fn }) => fn.toJson('c').as('row')),
    /passes whole rows to a function/,
  );
  refused(
    customers.select(({ fn }) => fn.jsonAgg('c').as('rows')),
    /passes whole rows to a function/,
  );
  refused(customers.select(smuggled('c')), /names the whole row c/);
  refused(
    customers.select(({ fn, ref }) => fn('row_to_json', [ref('c' as never)]).as('row')),
    /names the whole row c/,
  );
  refused(customers.select(smuggled('c.row_to_json')), /row_to_json, which no steward tags/);
});

test('a forbidden column that was named through a cast is refused, wherever it is named', () => {
  const customers = forService.selectFrom('shop.customer as c').select('c.id');
  const forbidden = /names shop\.customer\.balance, which is not for service/;
  refused(customers.select(smuggled('balance')), forbidden);
  refused(customers.select(smuggled('c.balance as id')), forbidden);
  refused(customers.where(smuggled('balance'), '=', '1'), forbidden);
  refused(customers.where(smuggled('c.balance'), '=', '1'), forbidden);
  refused(customers.orderBy(smuggled('balance')), forbidden);
  refused(customers.groupBy(smuggled('balance')), forbidden);
  refused(
    customers.having(({ eb, fn }) => eb(fn.max(smuggled('balance')), '=', '1')),
    forbidden,
  );
  refused(customers.innerJoin('shop.visit as v', smuggled('v.seen_at'), 'c.id'), /shop\.visit\.seen_at/);
  refused(
    customers.where((eb) =>
      eb.exists(eb.selectFrom('shop.visit as v').select('v.id').whereRef('v.id', '=', smuggled('c.balance'))),
    ),
    forbidden,
  );
  refused(
    {
      compile: () =>
        customers.union(forService.selectFrom('shop.customer').select(smuggled('balance as id'))).compile(),
    },
    forbidden,
  );
  refused(customers.select(smuggled('detail')), /names shop\.customer\.detail/);
});

test('raw SQL is refused in every place, also when it is cut into pieces', () => {
  const customers = forService.selectFrom('shop.customer').select('id');
  const raw = /holds raw SQL/;
  refused(customers.select(sql<bigint>`balance`.as('x')), raw);
  refused(customers.where(sql<boolean>`balance > ${1}`), raw);
  refused(customers.orderBy(sql`balance`), raw);
  refused(customers.select(sql.ref<bigint>('balance').as('x')), raw);
  refused(customers.modifyEnd(sql`union select balance from shop.customer`), raw);
  refused(
    forService
      .with('x', () => sql`select * from shop.customer` as Expression<{ id: string }>)
      .selectFrom('x'),
    raw,
  );
});

test('tables of others are refused, and a common table expression is no way to them', () => {
  refused(forService.selectFrom('books.page' as 'shop.visit').select('id'), /reads from books\.page/);
  refused(forService.selectFrom('pg_class' as 'shop.visit').select('id'), /reads from pg_class/);
});

test('a reader can do nothing but read', () => {
  assert.deepEqual(Object.keys(forService).sort(), ['selectFrom', 'with']);
});

test('a purpose the policy in force lacks gives no reader', () => {
  const inForce = new Set(['billing']);
  const limited = { demandPurpose: (purpose: string) => demandPurpose(inForce, purpose) };
  assert.throws(() => read(limited, 'service'), { code: 'feature_off', message: /E-PURPOSE.*"service"/ });
  assert.ok(read(limited, 'billing').selectFrom('shop.customer').select('balance').compile());
  assert.ok(read(limited, 'operations').selectFrom('shop.customer').select('id').compile());
});
