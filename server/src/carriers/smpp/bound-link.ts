// What one slot of a connector is when it is bound: a transceiver, or a transmitter and a receiver that live and end
// together.
import type { Socket } from 'node:net';
import {
  type Answer,
  type BindMode,
  type ClientSession,
  type CloseReason,
  connectSession,
  type DataSm,
  type DeliverSm,
  type SessionEvent,
  type SessionLimits,
  type SessionTimers,
  statusName,
} from '@sotto/smpp';
import type { ConnectorSettings } from '../settings/connector-settings.ts';

export interface LinkHandlers {
  onDeliver(pdu: DeliverSm | DataSm, answer: Answer): void;
  onWindow(): void;
  onEvent(event: SessionEvent, session: ClientSession): void;
}

export interface LinkOptions {
  readonly settings: ConnectorSettings;
  readonly password: string;
  readonly limits: Partial<SessionLimits>;
  readonly timers: SessionTimers;
  /** Gives a connected socket; rejects with an error that has a `code`. */
  readonly dial: () => Promise<Socket>;
  /** Gives up while connecting and binding; without effect once bound. */
  readonly signal: AbortSignal;
  readonly handlers: LinkHandlers;
}

/** Why there is no link, by name, and whether the carrier itself said so. */
export class BindFailure extends Error {
  readonly reason: string;
  readonly refused: boolean;

  constructor(reason: string, refused: boolean) {
    super(reason);
    this.name = 'BindFailure';
    this.reason = reason;
    this.refused = refused;
  }
}

export class BoundLink {
  /** Submissions go here. */
  readonly transmit: ClientSession;
  readonly #sessions: readonly ClientSession[];
  #endedBy: string | null = null;

  private constructor(transmit: ClientSession, sessions: readonly ClientSession[]) {
    this.transmit = transmit;
    this.#sessions = sessions;
  }

  /**
   * Connects and binds. The receiver first: no receipt may come while there is nobody to take it. Throws
   * `BindFailure`; what was opened until then is closed.
   */
  static async open(options: LinkOptions): Promise<BoundLink> {
    if (options.settings.bindMode === 'trx') {
      const session = await openSession(options, 'transceiver');
      return new BoundLink(session, [session]);
    }
    const receiver = await openSession(options, 'receiver');
    try {
      const transmitter = await openSession(options, 'transmitter');
      return new BoundLink(transmitter, [transmitter, receiver]);
    } catch (error) {
      receiver.close('the transmitter could not be bound');
      throw error;
    }
  }

  /** Resolves, when every session has ended, with the name of what ended the first one. */
  async ended(): Promise<string> {
    await Promise.all(
      this.#sessions.map(async (session) => {
        await session.closed();
        this.#endedBy ??= closeName(session.closeReason!);
        // One without the other would submit and hear nothing, or hear and never submit. What is in flight on it
        // still gets its answers.
        for (const other of this.#sessions) void other.unbind();
      }),
    );
    return this.#endedBy!;
  }

  /** Leaves in order; what has not ended after `limitMs` is closed. */
  async unbind(limitMs: number): Promise<void> {
    const timer = setTimeout(() => this.close('the time to drain is over'), limitMs);
    await Promise.all(this.#sessions.map((session) => session.unbind()));
    clearTimeout(timer);
  }

  /** Ends every session at once. */
  close(detail: string): void {
    for (const session of this.#sessions) session.close(detail);
  }
}

async function openSession(options: LinkOptions, mode: BindMode): Promise<ClientSession> {
  const { settings, handlers } = options;
  const socket = await options.dial().catch((error: unknown) => {
    throw new BindFailure(errorName(error), false);
  });
  if (options.signal.aborted) {
    socket.destroy();
    throw new BindFailure('given_up', false);
  }
  const session: ClientSession = connectSession(socket, {
    limits: options.limits,
    timers: options.timers,
    onDeliver: handlers.onDeliver,
    onWindow: handlers.onWindow,
    onEvent: (event) => handlers.onEvent(event, session),
  });
  const abort = () => session.close('given up');
  options.signal.addEventListener('abort', abort, { once: true });
  const result = await session
    .bind({
      mode,
      systemId: settings.systemId,
      password: options.password,
      systemType: settings.systemType,
      interfaceVersion: settings.interfaceVersion,
    })
    .finally(() => options.signal.removeEventListener('abort', abort));
  switch (result.kind) {
    case 'bound':
      return session;
    case 'refused':
      throw new BindFailure(statusName(result.status), true);
    case 'timeout':
      throw new BindFailure('bind_timeout', false);
    case 'lost':
      throw new BindFailure(session.closeReason === null ? 'lost' : closeName(session.closeReason), false);
  }
}

/** A name for a close reason that is fit for logs: no text of the peer's. */
function closeName(reason: CloseReason): string {
  switch (reason.kind) {
    case 'socket_error':
      return errorName(reason.error);
    case 'bind_refused':
      return statusName(reason.status);
    case 'unbound':
      return `unbound_by_${reason.by}`;
    case 'closed_by_us':
      return 'closed_by_us';
    default:
      return reason.kind;
  }
}

function errorName(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'socket_error';
}
