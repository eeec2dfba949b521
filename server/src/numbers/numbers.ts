// The face of numbers for the contexts above it: the inventory, and the one inbound sink.

export { type InboundContentMode, READ_GRACE_MS, type StoredContentMode } from './content-mode.ts';
export { DEMO_NUMBER, type NumberSeed, seedDevelopmentNumber } from './development-seed.ts';
export { INBOUND_RECEIVED } from './events.ts';
export { honourStops } from './honour-stops.ts';
export type { InboundPage } from './inbound-list.sql.ts';
export { type InboundMessage, listInbound } from './inbound-list.ts';
export type { Concatenation, InboundPart } from './inbound-part.ts';
export {
  createInboundSink,
  type InboundOutcome,
  type InboundSink,
  PARTS_AT_ONCE_MAX,
} from './inbound-sink.ts';
export {
  addNumber,
  assignNumber,
  COOLING_MS,
  findNumber,
  type InventoryChange,
  type InventoryNumber,
  listNumbers,
  type NumberCapability,
  QUARANTINE_MS,
  retireNumber,
  sendableNumbers,
  unassignNumber,
} from './inventory.ts';
export { type Home, type HomeOptions, startHome } from './memory/home.ts';
export { watchHome } from './memory/home-metrics.ts';
export {
  DEPOSIT_PIECES_MAX,
  type Deposit,
  type DepositOutcome,
  type DepositPiece,
  type HomeLinks,
  type HomePort,
  type MemoryRead,
  type MemoryText,
  StaleHome,
} from './memory/home-port.ts';
export { createMemoryReader, type MemoryReader } from './memory/memory-list.ts';
export { createMemorySink } from './memory/memory-sink.ts';
export type { NumberStatus } from './number.sql.ts';
export { type InboundSweep, sweepInbound } from './sweep.ts';
