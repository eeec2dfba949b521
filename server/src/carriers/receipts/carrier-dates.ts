// The dates in receipts: ten, twelve or fourteen digits in a zone that nobody states. They are read as UTC; they serve
// as a hint beside the time of arrival, never as a decision.

/** `YYMMDDhhmm`, `YYMMDDhhmmss`, `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`; null for anything that is no such moment. */
export function carrierDate(digits: string | null): Date | null {
  if (digits === null || !/^(?:\d{10}|\d{12}|\d{14})$/.test(digits)) return null;
  if (digits.length === 14) return moment(digits.slice(0, 4), digits.slice(4));
  const short = moment(`20${digits.slice(0, 2)}`, digits.slice(2));
  if (short !== null || digits.length === 10 || !digits.startsWith('20')) return short;
  // Twelve digits with a long year and no seconds: as a short year they name a month that does not exist.
  return moment(digits.slice(0, 4), digits.slice(4));
}

function moment(year: string, rest: string): Date | null {
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((at) =>
    Number(rest.slice(at, at + 2) || '0'),
  );
  if (month! < 1 || month! > 12 || day! < 1 || hour! > 23 || minute! > 59 || second! > 59) return null;
  const at = new Date(Date.UTC(Number(year), month! - 1, day, hour, minute, second));
  // Date.UTC rolls 31 February over; a date that moved was none.
  return at.getUTCDate() === day ? at : null;
}
