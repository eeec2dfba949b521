import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alignTo } from './clock.ts';
import { idFloor, idTimeMs, newId } from './ids.ts';

/** RFC 9562 §5.7: version 7, variant 10. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('200,000 ids are UUIDv7, distinct and strictly increasing', () => {
  let before = '';
  for (let n = 0; n < 200_000; n++) {
    const id = newId();
    assert.ok(id > before, `${id} after ${before}`);
    if (n % 1_000 === 0) assert.match(id, UUID_V7);
    before = id;
  }
});

test('an id carries the time it was made, in milliseconds', () => {
  // A burst of the test before may have run ahead of the clock by the ids it made in one millisecond.
  const id = newId();
  assert.ok(Math.abs(idTimeMs(id) - Date.now()) < 1_000);
});

test('ids keep increasing when the database’s clock steps back, and follow it when it steps on', (t) => {
  t.after(() => alignTo(new Date()));
  const before = newId();
  alignTo(new Date(Date.now() - 3_600_000));
  const held = newId();
  assert.ok(held > before);
  alignTo(new Date(Date.now() + 600_000));
  const after = newId();
  assert.ok(after > held);
  assert.ok(Math.abs(idTimeMs(after) - (Date.now() + 600_000)) < 1_000);
});

test('the time and the floor of RFC 9562’s example are those of the standard', () => {
  // RFC 9562 appendix A.6: 2022-02-22T19:22:22.000Z.
  const example = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
  assert.equal(idTimeMs(example), 0x017f22e279b0);
  assert.equal(idFloor(idTimeMs(example)), '017f22e2-79b0-0000-0000-000000000000');
  assert.ok(idFloor(idTimeMs(example)) < example && example < idFloor(idTimeMs(example) + 1));
});

test('a floor before the epoch is the lowest id', () => {
  assert.equal(idFloor(-5), '00000000-0000-0000-0000-000000000000');
});
