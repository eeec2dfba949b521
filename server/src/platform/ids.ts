// Row ids: UUIDv7 (RFC 9562 §5.7), made here so that a batch knows its ids before the round trip. The first
// 48 bits are the database's time in milliseconds and are the partition key of high-volume tables.
import { randomFillSync } from 'node:crypto';
import { alignedNowMs } from './clock.ts';

const POOL_BYTES = 8192;
const pool = Buffer.alloc(POOL_BYTES);
let poolAt = POOL_BYTES;
let lastMs = 0;
let sequence = 0;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A new UUIDv7 in canonical text. Ids of one process increase strictly: within a millisecond a 12-bit counter
 * (RFC 9562 §6.2 method 1) with a random start grows, and a clock that steps back is held at its highest value.
 */
export function newId(): string {
  if (poolAt + 10 > POOL_BYTES) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const now = alignedNowMs();
  if (now > lastMs) {
    lastMs = now;
    sequence = ((pool[poolAt]! << 8) | pool[poolAt + 1]!) & 0x7ff;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  const at = poolAt + 2;
  poolAt += 10;
  const high = Math.floor(lastMs / 0x10000);
  const low = lastMs & 0xffff;
  return (
    `${HEX[(high >>> 24) & 255]}${HEX[(high >>> 16) & 255]}${HEX[(high >>> 8) & 255]}${HEX[high & 255]}` +
    `-${HEX[low >>> 8]}${HEX[low & 255]}` +
    `-7${HEX[sequence >>> 8]![1]}${HEX[sequence & 255]}` +
    `-${HEX[(pool[at]! & 0x3f) | 0x80]}${HEX[pool[at + 1]!]}` +
    `-${HEX[pool[at + 2]!]}${HEX[pool[at + 3]!]}${HEX[pool[at + 4]!]}${HEX[pool[at + 5]!]}${HEX[pool[at + 6]!]}${HEX[pool[at + 7]!]}`
  );
}

/** Begins anew with the clock as it is: for tests, whose next database knows nothing of the ids of the one before. */
export function restartIds(): void {
  lastMs = 0;
}

/** The time part of a UUIDv7 in milliseconds since the epoch. */
export const idTimeMs = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The lowest UUID that a UUIDv7 of this millisecond can have: a bound for partitions and range scans. */
export function idFloor(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
