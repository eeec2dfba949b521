// Metrics for Prometheus. Labels are closed sets by type, or names of the operator's configuration with a bound,
// so that no metric can grow without limit and nothing personal can become a label (invariant 6).
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { looksPersonal } from './log/scrub.ts';
import { redactedValues } from './log.ts';

const registry = new Registry();

/** A label whose values come from configuration, such as connectors: after `max` different ones it says `other`. */
export interface Bounded {
  readonly max: number;
}
export const bounded = (max: number): Bounded => ({ max });

type Labels = Readonly<Record<string, readonly string[] | Bounded>>;
type Values<L extends Labels> = {
  readonly [K in keyof L]: L[K] extends readonly (infer Word)[] ? Word : string;
};
/** No argument for a metric without labels, else one value for each. */
type Of<L extends Labels> = keyof L extends never ? [] : [labels: Values<L>];

interface Described<L extends Labels> {
  /** `sotto_<context>_<what>_<unit>`; counters end in `_total` (prometheus.io naming practices). */
  readonly name: `sotto_${string}`;
  readonly help: string;
  readonly labels?: L;
}

const NAME = /^sotto_[a-z]+_[a-z0-9_]+$/;
const UNITS = /_(?:total|seconds|bytes|ratio|count|messages|parts|jobs|connections|info|percent)$/;

function checked<L extends Labels>(described: Described<L>, suffix?: RegExp) {
  if (!NAME.test(described.name) || !(suffix ?? UNITS).test(described.name))
    throw new Error(`Metric ${described.name} is not named sotto_<context>_<what>_<unit>`);
  return {
    name: described.name,
    help: described.help,
    labelNames: Object.keys(described.labels ?? {}),
    registers: [registry],
  };
}

/** Keeps label values inside their sets; what falls outside counts under `other`. */
function guard<L extends Labels>(labels: L | undefined): (values: Values<L>) => Record<string, string> {
  const seen = new Map<string, Set<string>>();
  return (values) => {
    const out: Record<string, string> = {};
    for (const [label, allowed] of Object.entries(labels ?? {})) {
      const value = (values as Record<string, string>)[label]!;
      if ('max' in allowed) {
        const known = seen.get(label) ?? new Set();
        seen.set(label, known);
        const fits = known.has(value) || (known.size < allowed.max && !looksPersonal(value));
        if (fits) known.add(value);
        out[label] = fits ? value : 'other';
      } else out[label] = allowed.includes(value) ? value : 'other';
    }
    return out;
  };
}

/** Something that happens and is counted. */
export function counter<const L extends Labels = Record<never, never>>(described: Described<L>) {
  const metric = new Counter(checked(described, /_total$/));
  const within = guard(described.labels);
  return {
    add: (amount: number, ...labels: Of<L>) =>
      labels[0] ? metric.inc(within(labels[0]), amount) : metric.inc(amount),
    /** The counter of one set of labels, for hot paths: labels are looked up once. */
    of: (...labels: Of<L>) => {
      const one = labels[0] ? metric.labels(within(labels[0])) : metric;
      return { add: (amount = 1) => one.inc(amount) };
    },
  };
}

/** From half a millisecond to half a minute, for anything that answers. */
const DURATION_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** How long or how much something was, in buckets; seconds unless `buckets` says otherwise. */
export function histogram<const L extends Labels = Record<never, never>>(
  described: Described<L> & { readonly buckets?: readonly number[] },
) {
  const metric = new Histogram({
    ...checked(described),
    buckets: [...(described.buckets ?? DURATION_BUCKETS)],
  });
  const within = guard(described.labels);
  return {
    observe: (value: number, ...labels: Of<L>) =>
      labels[0] ? metric.observe(within(labels[0]), value) : metric.observe(value),
    of: (...labels: Of<L>) => {
      const one = labels[0] ? metric.labels(within(labels[0])) : metric;
      return { observe: (value: number) => one.observe(value) };
    },
  };
}

/** How something stands now. */
export function gauge<const L extends Labels = Record<never, never>>(described: Described<L>) {
  const metric = new Gauge(checked(described));
  const within = guard(described.labels);
  return {
    set: (value: number, ...labels: Of<L>) =>
      labels[0] ? metric.set(within(labels[0]), value) : metric.set(value),
  };
}

/** A gauge that is read when it is asked for. A `read` that throws leaves the last value. */
export function watched(
  described: Described<Record<never, never>>,
  read: () => number | Promise<number>,
): void {
  new Gauge({
    ...checked(described),
    async collect() {
      try {
        this.set(await read());
      } catch {
        // The value stays as old as it is; what failed has its own readiness check.
      }
    },
  });
}

let processMetrics = false;
/** Adds the runtime's own metrics (memory, event loop, garbage collection). Once a process; safe to repeat. */
export function collectProcessMetrics(): void {
  if (processMetrics) return;
  processMetrics = true;
  collectDefaultMetrics({ register: registry, prefix: 'sotto_' });
  watched(
    { name: 'sotto_log_redacted_total', help: 'Values the log had to replace; every one is a defect' },
    redactedValues,
  );
}

/** Content type and text for a scraper. */
export async function metricsPage(): Promise<{ readonly contentType: string; readonly text: string }> {
  return { contentType: registry.contentType, text: await registry.metrics() };
}
