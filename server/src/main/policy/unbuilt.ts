// Promises that wait for parts this release has not built. Development runs without them and says which they are;
// production does not start. A part that is built takes its line out of here.
import type { Refusal as Broken } from '@sotto/policy';

interface Unbuilt {
  readonly part: string;
  readonly covers: (broken: Broken) => boolean;
}

const UNBUILT: readonly Unbuilt[] = [{ part: 'subject requests', covers: ({ code }) => code === 'E-RIGHT' }];

/** The part that has to be built before this promise can be kept; undefined when it is only broken. */
export const partOf = (broken: Broken): string | undefined =>
  UNBUILT.find(({ covers }) => covers(broken))?.part;
