// Readers of single values: text, numbers, words.
import type { FaultCode } from '../refusals.ts';
import { nearest } from './nearest.ts';
import { type Reader, sayPlace, wrongKind } from './reader.ts';

/** Text with something in it and without control characters. */
export function text(lengthMax: number, takes = `text of at most ${lengthMax} characters`): Reader<string> {
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const value = node.value.trim().normalize('NFC');
      if (value === '' || value.length > lengthMax || /[\p{Cc}\p{Cs}]/u.test(value.replaceAll('\n', ' '))) {
        return reading.report(
          node.at,
          'E-VALUE',
          path,
          `${sayPlace(path)} has to be ${takes}, without control characters.`,
          `Write ${takes}.`,
        );
      }
      return value;
    },
  };
}

/** Text that a function accepts and brings into normal form, or says in words that follow the place what is wrong. */
export function formatted(
  takes: string,
  check: (value: string) => string | { readonly wrong: string },
  code: FaultCode = 'E-VALUE',
): Reader<string> {
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const checked = check(node.value);
      if (typeof checked === 'string') return checked;
      return reading.report(node.at, code, path, `${sayPlace(path)} ${checked.wrong}.`, `Write ${takes}.`);
    },
  };
}

export function integer(min: number, max: number): Reader<number> {
  const takes = `a whole number from ${min} to ${max}`;
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'number')
        return wrongKind(takes, node, path, reading);
      if (Number.isInteger(node.value) && node.value >= min && node.value <= max) return node.value;
      return reading.report(
        node.at,
        'E-VALUE',
        path,
        `${sayPlace(path)} has to be ${takes}.`,
        `Write ${takes}.`,
      );
    },
  };
}

export const boolean: Reader<boolean> = {
  takes: 'true or false',
  read(node, path, reading) {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    return wrongKind('true or false', node, path, reading);
  },
};

/** One value and no other: `schema: 1`, `default: false`. `code` says what it means to write another. */
export function exactly<const T extends string | number | boolean>(
  value: T,
  code: FaultCode = 'E-VALUE',
): Reader<T> {
  return {
    takes: `${value}`,
    read(node, path, reading) {
      if (node.kind === 'scalar' && node.value === value) return value;
      return reading.report(
        node.at,
        code,
        path,
        `${sayPlace(path)} can only be ${value}.`,
        `Write ${value}.`,
      );
    },
  };
}

/** A word of a closed list. */
export function choice<const T extends string>(words: readonly T[]): Reader<T> {
  const takes = words.length > 8 ? `one of ${words.length} known words` : `one of ${words.join(', ')}`;
  return {
    takes,
    read(node, path, reading) {
      if (node.kind !== 'scalar' || typeof node.value !== 'string')
        return wrongKind(takes, node, path, reading);
      const value = node.value;
      const known = words.find((word) => word === value);
      if (known !== undefined) return known;
      return reading.report(
        node.at,
        'E-VALUE',
        path,
        `${sayPlace(path)} has no value "${value.slice(0, 60)}".`,
        suggest(value, words),
      );
    },
  };
}

/** What to write instead of a word that is not in a list. */
export function suggest(word: string, words: readonly string[]): string {
  const near = nearest(word, words);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return words.length > 24
    ? 'The documentation lists what can stand here.'
    : `It can be: ${words.join(', ')}.`;
}
