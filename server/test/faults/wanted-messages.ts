// The messages of a run: every class, both alphabets, one part and several, each with a destination of its own and a
// marker that says in the carrier's log which message a part belongs to.
import type { WantedMessage } from './client-log.ts';
import type { Dice } from './dice.ts';

/** `m` and eight characters: short enough that every part of a long text holds one whole. */
export const MARKER = /m[0-9a-z]{8}/;
/** Numbers +49 151 2345 0000 to 9999, which no run exhausts. */
const NUMBERS = 10_000;
/** Ten minutes: unknown outcomes are given up 72 hours after it. */
const VALIDITY_SECONDS = 600;

export class WantedMessages {
  readonly #dice: Dice;
  #next = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** One more message. `class` and `parts` are drawn unless they are given. */
  next(fixed: { readonly class?: WantedMessage['class']; readonly parts?: number } = {}): WantedMessage {
    const number = this.#next++;
    if (number >= NUMBERS) throw new Error('the run needs more numbers than there are');
    const marker = `m${number.toString(36).padStart(8, '0')}`;
    const parts = fixed.parts ?? (this.#dice.chance(0.15) ? this.#dice.whole(2, 3) : 1);
    const wide = this.#dice.chance(0.15);
    return {
      marker,
      to: `+49151${(23_450_000 + number).toString()}`,
      text: textOf(marker, parts, wide),
      class: fixed.class ?? this.#dice.pick(['otp', 'transactional', 'transactional', 'marketing']),
      validitySeconds: VALIDITY_SECONDS,
    };
  }

  many(
    count: number,
    fixed: { readonly class?: WantedMessage['class']; readonly parts?: number } = {},
  ): WantedMessage[] {
    return Array.from({ length: count }, () => this.next(fixed));
  }
}

/** Characters of a part when there are several: 153 in GSM 03.38, 67 in UCS-2 (3GPP TS 23.040 §9.2.3.24.1). */
const PART_CHARACTERS = { plain: 153, wide: 67 };

function textOf(marker: string, parts: number, wide: boolean): string {
  const short = wide ? `${marker} привет` : `${marker} is on its way`;
  if (parts === 1) return short;
  const characters = PART_CHARACTERS[wide ? 'wide' : 'plain'] * (parts - 1) + 20;
  const unit = wide ? `${marker} ж ` : `${marker} `;
  return unit.repeat(Math.ceil(characters / unit.length)).slice(0, characters);
}
