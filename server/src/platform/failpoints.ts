// Places where a test may stop, delay or kill this very process. A failpoint is inert unless the variable
// SOTTO_FAILPOINTS names it, which production refuses (config). Form: `name=kill@3,other=throw,third=delay:500@1`.
// `@n` acts on the n-th passage only; without it on every one.
import { pause } from './clock.ts';

type Action = { readonly kind: 'kill' | 'throw' | 'stop' } | { readonly kind: 'delay'; readonly ms: number };
interface Armed {
  readonly action: Action;
  readonly at: number | undefined;
  passed: number;
}

const armed = new Map<string, Armed>();

/** Every failpoint of the product; the fault harness sweeps this list, and naming another is refused. */
export const FAILPOINTS = [
  'submit.pre_commit',
  'submit.post_commit',
  'send.claimed',
  'send.written',
  'send.resp_received',
  'send.stored',
  'receipt.pre_commit',
  'receipt.post_commit',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

/** Arms failpoints from the setting's text; throws on a name or form that does not exist, and arms none then. */
export function armFailpoints(setting: string): void {
  const read = readFailpoints(setting);
  armed.clear();
  for (const [name, point] of read) armed.set(name, { ...point, passed: 0 });
}

/** Checks the setting's text without arming anything; throws on a name or form that does not exist. */
export function readFailpoints(setting: string): Map<string, Omit<Armed, 'passed'>> {
  const read = new Map<string, Omit<Armed, 'passed'>>();
  for (const item of setting.split(',').filter(Boolean)) {
    const match = /^([a-z_.]+)=(kill|throw|stop|delay:(\d{1,6}))(?:@(\d{1,9}))?$/.exec(item.trim());
    if (!match || !FAILPOINTS.includes(match[1] as Failpoint)) throw new Error(`No such failpoint: ${item}`);
    const kind = match[3] === undefined ? (match[2] as 'kill' | 'throw' | 'stop') : 'delay';
    const action: Action = kind === 'delay' ? { kind, ms: Number(match[3]) } : { kind };
    read.set(match[1]!, { action, at: match[4] === undefined ? undefined : Number(match[4]) });
  }
  return read;
}

/** True when any failpoint is armed, so that hot paths pay one comparison. */
export const failpointsArmed = (): boolean => armed.size > 0;

/** Passes a failpoint. Kill is SIGKILL to ourselves: nothing after it runs, no handler, no flush. */
export async function failpoint(name: Failpoint): Promise<void> {
  if (armed.size === 0) return;
  const point = armed.get(name);
  if (!point) return;
  point.passed += 1;
  if (point.at !== undefined && point.at !== point.passed) return;
  switch (point.action.kind) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return pause(60_000);
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'throw':
      throw new Error(`Failpoint ${name}`);
    case 'delay':
      return pause(point.action.ms);
  }
}
