// How long a key is known in this process. The policy in force says it once, at start; a change takes a restart.

/** Two days, ISO 8601: the promised 24 hours and as much again. */
let life = 'P2D';

/** Sets how long keys are known, an ISO 8601 duration. */
export function letKeysLive(duration: string): void {
  life = duration;
}

export const keyLife = (): string => life;
