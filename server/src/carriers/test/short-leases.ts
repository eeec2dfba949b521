import type { LeaseTimes } from '../leases/lease-keeper.ts';

/** Leases that run out while a test waits. */
export const SHORT_LEASES: LeaseTimes = { ttlMs: 600, heartbeatMs: 100, tryMs: 50 };
