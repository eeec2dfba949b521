// Signals from the first moment of a start on. While the database is being opened nobody could end it in order yet:
// one that comes then is kept, and told to the lifecycle when it begins to listen.

type Listener = () => void;
type Signal = 'SIGTERM' | 'SIGINT';

const SIGNALS: readonly Signal[] = ['SIGTERM', 'SIGINT'];
const FORCED = 130;

export interface SignalGate {
  /** Whether a signal came that nobody was told of yet. */
  isAsked(): boolean;
  on(signal: Signal, listener: Listener): void;
  off(signal: Signal, listener: Listener): void;
  /** Leaves signals to their default again. */
  close(): void;
}

/** Listens at once. A second signal before anybody else listens ends the process with code 130. */
export function openSignalGate(
  source: Pick<NodeJS.Process, 'on' | 'off'> = process,
  exit: (code: number) => void = process.exit,
): SignalGate {
  const listeners = new Map<Signal, Set<Listener>>(SIGNALS.map((signal) => [signal, new Set()]));
  let kept: Signal | null = null;
  const receive = (signal: Signal) => {
    const told = listeners.get(signal)!;
    if (told.size > 0) for (const listener of told) listener();
    else if (kept !== null) exit(FORCED);
    else kept = signal;
  };
  const ours = new Map(SIGNALS.map((signal) => [signal, () => receive(signal)]));
  for (const [signal, listener] of ours) source.on(signal, listener);
  return {
    isAsked: () => kept !== null,
    on(signal, listener) {
      listeners.get(signal)!.add(listener);
      if (kept !== signal) return;
      kept = null;
      // After whoever registers it has gone on, as a signal would come.
      queueMicrotask(listener);
    },
    off(signal, listener) {
      listeners.get(signal)!.delete(listener);
    },
    close() {
      for (const [signal, listener] of ours) source.off(signal, listener);
    },
  };
}
