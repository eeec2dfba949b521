// A secret setting: it can be used, but not printed. Logging, JSON, template strings and the inspector all show
// a placeholder, so that a careless `${config}` gives nothing away (OWASP ASVS 5.0 V13.3.1, V16.2.5).
import { inspect } from 'node:util';

const SHOWN = '[secret]';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. Call it where it is used, and keep it in no other place. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
