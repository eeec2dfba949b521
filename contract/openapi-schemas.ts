// zod schemas as JSON Schema 2020-12 with named parts hoisted to components. Requests are closed, as the server
// refuses unknown fields; answers are open, because fields may be added to them without a new version.
import * as z from 'zod';
import { shownSchemaOf } from './wire.ts';

export type Json = { [key: string]: unknown };
type Side = 'request' | 'answer';

const REF = '#/components/schemas/';

/** Collects the schemas of a document. Ask for each schema first, then for `components`, which settles names. */
export class SchemaCollector {
  readonly #named = { request: new Map<string, Json>(), answer: new Map<string, Json>() };
  /** Every schema handed out, so that references in it can still be renamed. */
  readonly #requests: Json[] = [];

  /** The schema of a request body, as a reference where it has a name. */
  request(schema: z.ZodType): Json {
    const json = this.#convert(schema, 'request');
    this.#requests.push(json);
    return json;
  }

  /** The schema of an answer, a path parameter or a query parameter: values as they are after reading. */
  answer(schema: z.ZodType): Json {
    return this.#convert(schema, 'answer');
  }

  /**
   * All named schemas. A name whose closed request form differs from its open answer form keeps the plain name
   * for the answer and gets `Input` appended for the request.
   */
  components(): Json {
    const { request, answer } = this.#named;
    const differs = (name: string) => {
      const other = answer.get(name);
      return other !== undefined && JSON.stringify(other) !== JSON.stringify(request.get(name));
    };
    const renamed = new Set([...request.keys()].filter(differs));
    // Whoever refers to a renamed schema differs by that alone, once both sides know it.
    for (let before = -1; before !== renamed.size; ) {
      before = renamed.size;
      for (const [name, json] of request) {
        if (answer.has(name) && refsOf(json).some((ref) => renamed.has(ref))) renamed.add(name);
      }
    }
    for (const json of [...request.values(), ...this.#requests]) rename(json, renamed);
    const all = new Map(answer);
    for (const [name, json] of request) all.set(renamed.has(name) ? `${name}Input` : name, json);
    return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #convert(schema: z.ZodType, side: Side): Json {
    const shown: z.ZodType[] = [];
    // Wrapped, so that a schema with a name of its own becomes a reference like any other.
    const document = z.toJSONSchema(z.object({ root: schema }), {
      io: side === 'request' ? 'input' : 'output',
      override: ({ zodSchema, jsonSchema }) => {
        const other = shownSchemaOf(zodSchema);
        if (other) {
          shown.push(other);
          for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
          jsonSchema.$ref = `#/$defs/${nameOf(other)}`;
        }
        if (side === 'answer' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    }) as Json;
    for (const [name, json] of Object.entries((document.$defs ?? {}) as Record<string, Json>)) {
      this.#keep(name, json, side);
    }
    for (const other of shown) this.#convert(other, side);
    const root = (document.properties as { root: Json }).root;
    hoist(root);
    return root;
  }

  #keep(name: string, json: Json, side: Side): void {
    hoist(json);
    const known = this.#named[side].get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(json)) {
      throw new TypeError(`two different schemas are named ${name}`);
    }
    this.#named[side].set(name, json);
  }
}

function nameOf(schema: z.ZodType): string {
  const name = z.globalRegistry.get(schema)?.id;
  if (!name) throw new TypeError('a schema shown in place of another needs a name');
  return name;
}

/** Every object inside a JSON value, itself included. */
function* objectsOf(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const part of Object.values(value)) yield* objectsOf(part);
}

function hoist(json: Json): void {
  for (const part of objectsOf(json)) {
    if (typeof part.$ref === 'string') part.$ref = part.$ref.replace('#/$defs/', REF);
  }
}

function refsOf(json: Json): string[] {
  return [...objectsOf(json)].flatMap((part) =>
    typeof part.$ref === 'string' ? [part.$ref.slice(REF.length)] : [],
  );
}

function rename(json: Json, renamed: ReadonlySet<string>): void {
  for (const part of objectsOf(json)) {
    if (typeof part.$ref === 'string' && renamed.has(part.$ref.slice(REF.length))) part.$ref += 'Input';
  }
}
