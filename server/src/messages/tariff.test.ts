import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Price, type Route, Tariff } from './tariff.ts';
import { classes, priceOf, routeOf, runs } from './test/arrange.ts';

const TO = '+4915550123456';
const prices = (...rows: Price[]) => new Tariff(1n, rows, []);
const routes = (...rows: Route[]) => new Tariff(1n, [], rows);

describe('a price', () => {
  test('is that of the longest prefix', () => {
    const tariff = prices(
      priceOf(''),
      priceOf('49', { perPartMicros: 2n }),
      priceOf('4915550', { perPartMicros: 3n }),
    );
    assert.equal(tariff.price(TO, 'otp', 'EUR')!.perPartMicros, 3n);
    assert.equal(tariff.price('+4930123456', 'otp', 'EUR')!.perPartMicros, 2n);
    assert.equal(tariff.price('+33123456789', 'otp', 'EUR')!.prefix, '');
  });

  test('of a class beats the one for all at the same prefix, and gives way to a longer prefix', () => {
    const tariff = prices(
      priceOf('49', { perPartMicros: 1n }),
      priceOf('49', { class: 'otp', perPartMicros: 2n }),
      priceOf('4915', { perPartMicros: 3n }),
    );
    assert.equal(tariff.price('+4930123456', 'otp', 'EUR')!.perPartMicros, 2n);
    assert.equal(tariff.price('+4930123456', 'marketing', 'EUR')!.perPartMicros, 1n);
    assert.equal(tariff.price(TO, 'otp', 'EUR')!.perPartMicros, 3n);
  });

  test('in another currency does not hide a shorter prefix in this one', () => {
    const tariff = prices(priceOf('49', { currency: 'SAR' }), priceOf('4', { perPartMicros: 9n }));
    assert.equal(tariff.price(TO, 'otp', 'EUR')!.perPartMicros, 9n);
  });

  test('that nobody set is undefined, so that nothing is sent for nothing', () => {
    assert.equal(prices(priceOf('33')).price(TO, 'otp', 'EUR'), undefined);
    assert.equal(prices(priceOf('', { class: 'marketing' })).price(TO, 'otp', 'EUR'), undefined);
    assert.equal(prices().price(TO, 'otp', 'EUR'), undefined);
  });
});

describe('a route', () => {
  test('of the lowest rank is taken, whatever the draw', () => {
    const tariff = routes(
      routeOf('', { connectorId: 'b', rank: 2 }),
      routeOf('', { connectorId: 'a', rank: 1 }),
    );
    for (const draw of [0, 0.5, 0.999999]) assert.equal(tariff.route(TO, 'otp', draw)!.connectorId, 'a');
  });

  test('shares its rank exactly by the weights: each draw falls into one share', () => {
    const tariff = routes(
      routeOf('', { connectorId: 'a', weight: 1 }),
      routeOf('', { connectorId: 'b', weight: 2 }),
      routeOf('', { connectorId: 'c', weight: 5 }),
    );
    const counts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let step = 0; step < 800; step++) counts[tariff.route(TO, 'otp', step / 800)!.connectorId]! += 1;
    assert.deepEqual(counts, { a: 100, b: 200, c: 500 });
  });

  test('that was tried gives way to the next rank, then to a shorter prefix, then to none', () => {
    const tariff = routes(
      routeOf('', { connectorId: 'everywhere' }),
      routeOf('49', { connectorId: 'first' }),
      routeOf('49', { connectorId: 'second', rank: 1 }),
    );
    assert.equal(tariff.route(TO, 'otp', 0)!.connectorId, 'first');
    assert.equal(tariff.route(TO, 'otp', 0, ['first'])!.connectorId, 'second');
    assert.equal(tariff.route(TO, 'otp', 0, ['first', 'second'])!.connectorId, 'everywhere');
    assert.equal(tariff.route(TO, 'otp', 0, ['first', 'second', 'everywhere']), undefined);
  });

  test('is the one a plain search over all rows would find', () => {
    const digits = fc.stringMatching(/^[1-3]{0,4}$/);
    const row = fc.record({
      prefix: digits,
      class: fc.option(fc.constantFrom(...classes)),
      connectorId: fc.constantFrom('a', 'b', 'c'),
      rank: fc.integer({ min: 0, max: 2 }),
      weight: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 12 }),
        fc.stringMatching(/^[1-3]{5}$/),
        fc.constantFrom(...classes),
        fc.subarray(['a', 'b', 'c']),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (rows, number, messageClass, tried, draw) => {
          const all = rows.map((given) => routeOf(given.prefix, given));
          const open = all.filter(
            ({ prefix, connectorId, class: own }) =>
              number.startsWith(prefix) &&
              !tried.includes(connectorId) &&
              (own === null || own === messageClass),
          );
          const longest = Math.max(...open.map(({ prefix }) => prefix.length));
          const there = open.filter(({ prefix }) => prefix.length === longest);
          const own = there.filter((route) => route.class === messageClass);
          const pool = own.length > 0 ? own : there;
          const rank = Math.min(...pool.map((route) => route.rank));
          const best = pool.filter((route) => route.rank === rank);
          const found = new Tariff(1n, [], all).route(`+${number}`, messageClass, draw, tried);
          if (best.length === 0) assert.equal(found, undefined);
          else assert.ok(best.includes(found!), 'it is one of the best');
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
