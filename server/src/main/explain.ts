// A failure in words for a terminal: what happened, and the ways out. No stack unless it is a defect of ours.
import { errorCatalogue } from '@sotto/contract';
import { AppError, Refusal } from '#platform/errors';

export function explain(error: unknown): string {
  if (error instanceof Refusal) {
    const ways = error.waysOut.map((way) => `  - ${way}`).join('\n');
    return ways === '' ? `Refused: ${error.message}` : `Refused: ${error.message}\nWays out:\n${ways}`;
  }
  if (error instanceof AppError) {
    const { sentence, wayOut } = errorCatalogue[error.code];
    return `${error.detail ?? sentence} ${wayOut} (${error.code}${error.field ? `, ${error.field}` : ''})`;
  }
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
    return 'Refused: the port is taken.\nWays out:\n  - set SOTTO_PORT to another one\n  - stop the other process';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
