// A statement as CSV (RFC 4180): lines end with CRLF, every text is quoted. A spreadsheet takes a text that begins with one
// of a few characters for a formula (OWASP, CSV Injection): those get an apostrophe before them. Amounts are numbers of our
// own and stay numbers, the negative ones too.
import { encodeId, formatMicros } from '@sotto/contract';
import type { WalletAmounts } from './history.ts';
import type { MonthStatement } from './month-statement.ts';

const HEADER = ['time', 'id', 'kind', 'reason', 'available', 'bonus', 'held', 'currency'];
const FORMULA = /^[=+\-@\t\r\0]/;

export function statementCsv(
  { from, to, opening, closing, movements }: MonthStatement,
  currency: string,
): string {
  const amounts = ({ availableMicros, bonusMicros, heldMicros }: WalletAmounts) =>
    [availableMicros, bonusMicros, heldMicros].map(formatMicros);
  const line = (time: Date, id: string, kind: string, reason: string, moved: WalletAmounts) =>
    [...[time.toISOString(), id, kind, reason].map(csvText), ...amounts(moved), csvText(currency)].join(',');
  return [
    HEADER.map(csvText).join(','),
    line(from, '', 'opening', '', opening),
    ...movements.map((each) =>
      line(each.createdAt, encodeId('ent', each.id), each.kind, each.reason ?? '', each),
    ),
    line(to, '', 'closing', '', closing),
    '',
  ].join('\r\n');
}

/** One field of text. */
export const csvText = (text: string): string =>
  `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
