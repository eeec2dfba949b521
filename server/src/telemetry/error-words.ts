// Classes and codes an error report may hold: closed lists, or forms made of capital letters alone. What is on no
// list becomes `Error` without a code, so that nothing somebody put into a name can travel in one.
import { constants } from 'node:os';
import { errorCatalogue } from '@sotto/contract';

/** Of the language, of Node, of the libraries below us, and our own; a test compares the last with the source. */
export const ERROR_CLASSES: ReadonlySet<string> = new Set([
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'DOMException',
  'SystemError',
  'AssertionError',
  'DatabaseError',
  'FrameFault',
  'RelayFault',
  'StaleHome',
  'UnreadableQuery',
  'FastifyError',
  'ZodError',
  'UndiciError',
  'AppError',
  'BindFailure',
  'ConnectionError',
  'EgressRefusal',
  'FieldError',
  'InvalidRequest',
  'KeysUnknown',
  'KeyNotReady',
  'NoRoom',
  'KeyStoreFault',
  'LeaseLost',
  'PermanentFailure',
  'Refusal',
  'SealBroken',
  'SottoError',
  'Stopping',
  'UnsendableTextError',
  'UsageFault',
]);

/** SQLSTATEs worth telling apart (PostgreSQL 18, appendix A). Five digits elsewhere could be a one-time code. */
const DATABASE_CLASS = 'DatabaseError';
const SQLSTATES: ReadonlySet<string> = new Set(
  [
    '08000 08001 08003 08004 08006 08007 08P01 0A000 22001 22003 22007 22008 22012 22021 22P02 22P05 23000 23502 23503',
    '23505 23514 23P01 25001 25006 25P02 25P03 26000 28000 28P01 2D000 34000 3D000 3F000 40001 40002 40P01 42501 42601',
    '42703 42804 42883 42P01 42P02 53000 53100 53200 53300 54000 55000 55006 55P03 57000 57014 57P01 57P02 57P03 57P05',
    '58000 58030 58P01 P0001 XX000 XX001 XX002',
  ].flatMap((line) => line.split(' ')),
);

/** Codes of the operating system and of its resolver. */
const SYSTEM_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(constants.errno),
  'ENOTFOUND',
  'ENODATA',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ABORT_ERR',
]);

/** Codes of Node and its libraries, and of egress. Capital letters alone: no digit and no small letter gets through. */
const LIBRARY_CODE = /^(?:ERR|UND_ERR|FST_ERR)(?:_[A-Z]{1,16}){1,5}$|^E(?:-[A-Z]{1,16}){1,3}$/;

export const knownClass = (name: unknown): string =>
  typeof name === 'string' && ERROR_CLASSES.has(name) ? name : 'Error';

/** The code of an error of a known class when it is on a list or of a library's form, else null. */
export function knownCode(name: string, code: unknown): string | null {
  if (typeof code !== 'string' || code.length > 60) return null;
  const known =
    Object.hasOwn(errorCatalogue, code) ||
    SYSTEM_CODES.has(code) ||
    (name === DATABASE_CLASS && SQLSTATES.has(code)) ||
    LIBRARY_CODE.test(code);
  return known ? code : null;
}

/** What the catalogue says about a code, which holds no value; null for codes that are not of the catalogue. */
export const publicSentence = (code: string | null): string | null =>
  code !== null && Object.hasOwn(errorCatalogue, code)
    ? errorCatalogue[code as keyof typeof errorCatalogue].sentence
    : null;
