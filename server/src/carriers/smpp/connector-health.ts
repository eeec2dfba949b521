// How a connector stands, from its parts.
import type { ConnectorHealth } from '../port.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import type { BindSlot } from './bind-slot.ts';
import type { PartRate } from './part-rate.ts';
import type { PartRateMeter } from './part-rate-meter.ts';

export interface ConnectorParts {
  readonly slots: readonly BindSlot[];
  readonly settings: Pick<ConnectorSettings, 'binds' | 'windowSize'>;
  readonly rate: PartRate;
  readonly meter: PartRateMeter;
  readonly waiting: number;
  readonly lastError: string | null;
  readonly stopping: boolean;
  readonly nowMs: number;
}

export function connectorHealth(parts: ConnectorParts): ConnectorHealth {
  const { slots, settings, rate, nowMs } = parts;
  let bindsBound = 0;
  let windowUsed = 0;
  for (const slot of slots) {
    const session = slot.transmit;
    if (session === null) continue;
    bindsBound += 1;
    windowUsed += session.openRequests;
  }
  return {
    state: stateOf(parts, bindsBound),
    bindsBound,
    bindsConfigured: settings.binds,
    windowUsed,
    windowMax: bindsBound * settings.windowSize,
    waiting: parts.waiting,
    partsPerSecondLimit: rate.limit,
    partsPerSecond: parts.meter.rate(nowMs),
    throttledForMs: Math.ceil(rate.pausedForMs(nowMs)),
    lastError: parts.lastError,
    binds: slots.map((slot) => slot.health),
  };
}

function stateOf(parts: ConnectorParts, bindsBound: number): ConnectorHealth['state'] {
  if (parts.stopping) return 'stopped';
  const ours = parts.slots.filter(({ state }) => state !== 'leased_elsewhere').length;
  if (bindsBound === 0) return ours === 0 ? 'standby' : 'connecting';
  if (parts.rate.slowed || parts.rate.pausedForMs(parts.nowMs) > 0) return 'throttled';
  return bindsBound < ours ? 'partly_bound' : 'bound';
}
