// One message id, written differently in the answer to the submission and in the receipt: hexadecimal here and decimal
// there, with zeros in front, in another case. Ids of both sides are brought to one spelling, so that a look-up is by
// equality; which base belongs to which side is the connector's setting, or is learned.
//
//   rule          spelling of both sides     candidates for an id in a receipt
//   exact         as seen                    the id itself
//   hex_to_dec    lower case, no zeros       its decimal form, then itself
//   dec_to_hex    lower case, no zeros       its hexadecimal form, then itself
//   learned       lower case, no zeros       itself, its decimal and its hexadecimal form; the last match leads
import { canonicalId } from '@sotto/smpp';
import type { MessageIdForm } from '../port.ts';

export type MessageIdRule = 'exact' | 'hex_to_dec' | 'dec_to_hex' | 'learned';

export interface MessageIdCandidates {
  readonly ids: readonly string[];
  readonly forms: readonly MessageIdForm[];
}

/** SMPP 3.4 §5.2.23: 64 characters and the NUL. Longer texts are not converted, so that the arithmetic is bounded. */
const ID_CHARACTERS_MAX = 64;
const DECIMAL = /^[0-9]+$/;
const HEXADECIMAL = /^[0-9a-f]+$/;

const FORMS: Readonly<Record<MessageIdRule, readonly MessageIdForm[]>> = {
  exact: ['exact'],
  hex_to_dec: ['hex_to_dec', 'exact'],
  dec_to_hex: ['dec_to_hex', 'exact'],
  learned: ['exact', 'hex_to_dec', 'dec_to_hex'],
};

/**
 * The ids of one connector. What was learned lives in the process: after a restart it is learned again, and only the
 * order of the candidates depends on it.
 */
export class MessageIds {
  readonly #rule: MessageIdRule;
  #forms: readonly MessageIdForm[];

  constructor(rule: MessageIdRule) {
    this.#rule = rule;
    this.#forms = FORMS[rule];
  }

  /** The form that is tried first. */
  get leading(): MessageIdForm {
    return this.#forms[0]!;
  }

  /**
   * The id of a submission in the spelling that candidates are made in. Only numbers lose zeros and case; UUIDs and
   * other names stay as they are, for there both may matter.
   */
  accepted(id: string): string {
    return this.#rule === 'exact' ? id : spelled(id);
  }

  /** A candidate made in this form was the message's id. */
  matched(form: MessageIdForm): void {
    if (this.#rule !== 'learned' || this.#forms[0] === form) return;
    this.#forms = [form, ...FORMS.learned.filter((other) => other !== form)];
  }

  /** What the ids seen in a receipt (parameter first, then text) may have been at submission, most certain first. */
  candidates(seen: readonly string[]): MessageIdCandidates {
    const ids: string[] = [];
    const forms: MessageIdForm[] = [];
    for (const form of this.#forms) {
      for (const id of seen) {
        const made = this.#rule === 'exact' ? id : converted(spelled(id), form);
        if (made === null || made === '' || ids.includes(made)) continue;
        ids.push(made);
        forms.push(form);
      }
    }
    return { ids, forms };
  }
}

function spelled(id: string): string {
  const canonical = canonicalId(id);
  return HEXADECIMAL.test(canonical) ? canonical : id.trim();
}

/** BigInt, for ids of 18 and more digits exceed 2^53. */
function converted(id: string, form: MessageIdForm): string | null {
  if (form === 'exact') return id;
  if (id.length > ID_CHARACTERS_MAX) return null;
  if (form === 'hex_to_dec') return HEXADECIMAL.test(id) ? BigInt(`0x${id}`).toString(10) : null;
  return DECIMAL.test(id) ? BigInt(id).toString(16) : null;
}
