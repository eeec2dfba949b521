// Where a profiled server spent its time: self time by function and by part of the code, from a V8 CPU profile.

/** The part of the Chrome DevTools profile format that is used here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  /** Node ids, one a sample. */
  readonly samples?: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas?: readonly number[];
}

export interface ProfileLine {
  readonly name: string;
  /** Share of the time the thread was not idle. */
  readonly share: number;
}

export interface ProfileSummary {
  /** Share of the recorded time in which the thread had something to do. */
  readonly busy: number;
  readonly parts: readonly ProfileLine[];
  readonly functions: readonly ProfileLine[];
}

const IDLE = '(idle)';

/** Sums the samples; parts and functions are sorted, the longest first, and cut to `lines`. Pure. */
export function summariseProfile(profile: CpuProfile, lines: number): ProfileSummary {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let total = 0;
  let idle = 0;
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const elapsed = profile.timeDeltas?.[at] ?? 0;
    const frame = frames.get(id);
    if (frame === undefined) continue;
    total += elapsed;
    if (frame.functionName === IDLE) {
      idle += elapsed;
      continue;
    }
    const place = placeOf(frame.url);
    add(byPart, partOf(place, frame.functionName), elapsed);
    add(byFunction, `${frame.functionName || '(anonymous)'} ${place}:${frame.lineNumber + 1}`, elapsed);
  }
  const busy = total - idle;
  return {
    busy: total === 0 ? 0 : busy / total,
    parts: longest(byPart, busy, lines),
    functions: longest(byFunction, busy, lines),
  };
}

/** The path below the repository or the package, without the machine's own folders. */
function placeOf(url: string): string {
  const modules = url.lastIndexOf('/node_modules/');
  if (modules >= 0) return url.slice(modules + '/node_modules/'.length);
  const own = /\/((?:server|smpp|text|contract)\/.*)$/.exec(url);
  return own?.[1] ?? url;
}

/** `server/src/messages`, `smpp`, `fastify`, `node:net` and the engine itself. */
function partOf(place: string, functionName: string): string {
  if (place === '') return functionName.startsWith('(') ? functionName : 'native';
  if (place.startsWith('node:')) return place;
  const [first = '', second = '', third = ''] = place.split('/');
  if (first === 'server') return `server/src/${third}`;
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

const longest = (sums: ReadonlyMap<string, number>, busy: number, lines: number): ProfileLine[] =>
  [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, lines)
    .map(([name, elapsed]) => ({ name, share: busy === 0 ? 0 : elapsed / busy }));
