// A failure in words for a terminal: what happened, and the ways out. No stack unless it is a defect of ours.
import { type ErrorCode, errorCatalogue } from '@sotto/contract';
import { ConnectionError, SottoError } from '@sotto/sdk';
import { AppError, Refusal } from '#platform/errors';
import { KeyStoreFault } from '#privacy';

/** A failure as a program reads it, printed by `--json`. */
export interface Explanation {
  readonly error: {
    /** Of the catalogue where there is one, else `refused` or `defect`. */
    readonly code: ErrorCode | (string & {});
    readonly message: string;
    readonly field: string | null;
    readonly ways_out: readonly string[];
  };
}

/** Says what happened. `text` is for people; `machine` holds the same for programs. Neither holds a secret. */
export function explain(error: unknown): { readonly text: string; readonly machine: Explanation } {
  const { code, message, field = null, waysOut = [], stack } = described(error);
  const lines = [
    `Refused: ${message}${field === null ? '' : ` Field: ${field}`}`,
    ...(waysOut.length === 0 ? [] : ['Ways out:', ...waysOut.map((way) => `  - ${way}`)]),
  ];
  return {
    text: stack ?? lines.join('\n'),
    machine: { error: { code, message, field, ways_out: waysOut } },
  };
}

interface Described {
  readonly code: string;
  readonly message: string;
  readonly field?: string | null;
  readonly waysOut?: readonly string[];
  /** Only of a defect. */
  readonly stack?: string;
}

function described(error: unknown): Described {
  if (error instanceof Refusal) return { code: 'refused', message: error.message, waysOut: error.waysOut };
  if (error instanceof AppError) {
    const { sentence, wayOut } = errorCatalogue[error.code];
    return {
      code: error.code,
      message: error.detail ?? sentence,
      field: error.field ?? null,
      waysOut: [wayOut],
    };
  }
  if (error instanceof SottoError) {
    return {
      code: error.code,
      message: `${error.problem.detail} (${error.code}, request ${error.requestId})`,
      field: error.field,
    };
  }
  if (error instanceof ConnectionError) {
    return {
      code: error.fault,
      message: error.message,
      waysOut: ['start Sotto: npm start', 'say where it is: --url'],
    };
  }
  if (error instanceof KeyStoreFault) {
    return {
      code: 'refused',
      message: error.message,
      waysOut: [
        'restore the key store and its master key from their backups',
        'look closer: npx sotto doctor',
      ],
    };
  }
  return ofSystem(error) ?? defect(error);
}

/** What the operating system and PostgreSQL refuse, by the codes they give. */
function ofSystem(error: unknown): Described | null {
  if (!(error instanceof Error)) return null;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const place = path === undefined ? '' : ` ${path}`;
  const refused = (message: string, ...waysOut: string[]) => ({ code: 'refused', message, waysOut });
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return refused(
        `This account may not ${syscall ?? 'use'}${place} (${code}).`,
        'give it to the account that runs Sotto (chown), or run Sotto as the account that owns it',
        'set SOTTO_DATA_DIR, SOTTO_KEYS_DIR or SOTTO_MASTER_KEY_FILE to another place',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return refused('The disk is full.', 'free space and start again');
    case 'EFBIG':
      return refused(
        'A file may not grow as large here as it needs to.',
        'raise the limit of this account (ulimit -f)',
        'write to another file system',
      );
    case 'EADDRNOTAVAIL':
      return refused('This machine does not have the address to listen on.', 'correct SOTTO_HOST');
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return refused(
        `The database does not answer (${code}).`,
        'check that it runs, and the host and port of SOTTO_DATABASE_URL and SOTTO_KEYS_URL',
      );
    case '28P01':
    case '28000':
    case '3D000':
      return refused(
        `The database refuses the connection (${code}).`,
        'check user, password and database name in SOTTO_DATABASE_URL and SOTTO_KEYS_URL',
      );
    default:
      return null;
  }
}

const defect = (error: unknown): Described => ({
  code: 'defect',
  message: 'Something went wrong that should not have; the messages on standard error say where.',
  stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
});
