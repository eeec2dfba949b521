// Names under which built queries are prepared. Their texts are few, since lists travel as arrays; a text that comes up again
// and again gets a name, so that the server parses it once a connection. Statements have names of their own.

/** A text that was seen this often is one that comes again. */
const TIMES_BEFORE = 3;
/** Names in all: what is prepared stays in the memory of every connection. */
const NAMES_MAX = 500;
/** Texts that are counted; when there are more, counting begins anew. */
const TEXTS_MAX = 2_000;

export class PreparedNames {
  readonly #seen = new Map<string, number>();
  readonly #names = new Map<string, string>();

  /** The name of a text, the same for ever; undefined while it is not known to come again, or when there are enough. */
  of(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= NAMES_MAX) return name;
    const times = (this.#seen.get(text) ?? 0) + 1;
    if (times < TIMES_BEFORE) {
      if (this.#seen.size >= TEXTS_MAX) this.#seen.clear();
      this.#seen.set(text, times);
      return undefined;
    }
    this.#seen.delete(text);
    const given = `built.${this.#names.size + 1}`;
    this.#names.set(text, given);
    return given;
  }
}
