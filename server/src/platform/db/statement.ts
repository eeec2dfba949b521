// Hot, set-based statements: hand-written SQL with a name (prepared once a connection), the purpose it reads
// for, and the shape of its rows. Every one is registered, so that a test can describe it against the live
// schema and hold its result columns against the data map.

export interface Statement<Row> {
  /** Unique, `context.verb_noun`; also the name of the prepared statement. */
  readonly name: string;
  /** A purpose of `#privacy/purposes`, or `operations` for columns that are about nobody. */
  readonly purpose: string;
  readonly text: string;
  /** Never set: carries the row type. */
  readonly row?: Row;
}

const registry = new Map<string, Statement<unknown>>();

/** Declares a statement once, at module level. A second one of the same name is a programmer's error. */
export function statement<Row>(name: string, purpose: string, text: string): Statement<Row> {
  if (registry.has(name)) throw new Error(`Statement ${name} is declared twice`);
  const made: Statement<Row> = { name, purpose, text };
  registry.set(name, made);
  return made;
}

/** Every statement of the modules loaded so far. */
export const registeredStatements = (): readonly Statement<unknown>[] => [...registry.values()];
