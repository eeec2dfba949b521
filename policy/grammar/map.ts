// Reader of maps with known keys. The type of the value says which keys have to be there, so that a section and its
// type in the model cannot come apart.
import type { FaultCode } from '../refusals.ts';
import { below } from './node.ts';
import { type Reader, sayPlace, wrongKind } from './reader.ts';
import { suggest } from './values.ts';

interface RequiredField<T> {
  readonly presence: 'required';
  readonly reader: Reader<T>;
  /** The code and the words for its absence, where a better one exists than E-MISSING. */
  readonly missing?: { readonly code: FaultCode; readonly hint: string };
}
interface DefaultedField<T> {
  readonly presence: 'defaulted';
  readonly reader: Reader<T>;
  readonly value: T;
}
interface OptionalField<T> {
  readonly presence: 'optional';
  readonly reader: Reader<T>;
}
type Field<T> = RequiredField<T> | DefaultedField<T> | OptionalField<T>;

export const required = <T>(reader: Reader<T>, missing?: RequiredField<T>['missing']): RequiredField<T> => ({
  presence: 'required',
  reader,
  ...(missing ? { missing } : {}),
});
export const defaulted = <T>(reader: Reader<T>, value: T): DefaultedField<T> => ({
  presence: 'defaulted',
  reader,
  value,
});
export const optional = <T>(reader: Reader<T>): OptionalField<T> => ({ presence: 'optional', reader });

/** One field for each key of the type; a key the type may lack is optional here, and no other. */
type FieldsOf<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalField<Exclude<T[K], undefined>>
    : RequiredField<T[K]> | DefaultedField<T[K]>;
};

/** A map with these keys and no others. */
export function map<T extends object>(fields: FieldsOf<T>, takes = 'a map'): Reader<T> {
  const known = Object.keys(fields);
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'map')
        return wrongKind(`a map with the keys ${known.join(', ')}`, node, path, reading);
      const values: [string, unknown][] = [];
      let complete = true;
      for (const [key, entry] of node.entries) {
        if (!known.includes(key)) {
          complete = false;
          if (reading.isFull) break;
          reading.report(
            entry.at,
            'E-UNKNOWN-KEY',
            below(path, key),
            `${path === '' ? 'A policy' : `"${path}"`} has no key "${key.slice(0, 60)}".`,
            suggest(key, known),
          );
        }
      }
      for (const [key, field] of Object.entries(fields) as [string, Field<unknown>][]) {
        const entry = node.entries.get(key);
        if (entry) {
          const value = field.reader.read(entry.value, below(path, key), reading);
          if (value === undefined) complete = false;
          else values.push([key, value]);
        } else if (field.presence === 'defaulted') {
          values.push([key, field.value]);
        } else if (field.presence === 'required') {
          complete = false;
          reading.report(
            node.at,
            field.missing?.code ?? 'E-MISSING',
            below(path, key),
            `${sayPlace(path)} needs the key "${key}".`,
            field.missing?.hint ?? `Add "${key}": ${field.reader.takes}.`,
          );
        }
      }
      return complete ? (Object.fromEntries(values) as T) : undefined;
    },
  };
}
