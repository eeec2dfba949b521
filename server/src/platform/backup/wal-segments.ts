// Which files of the write-ahead log hold a stretch of it. Positions are written `high/low` in hexadecimal; a file's
// name is the timeline and the number of its segment, in two parts of eight digits.

const position = (lsn: string): bigint => {
  const [high, low] = lsn.split('/') as [string, string];
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
};

const digits = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');

/** Names of the segments that hold the log from `start` up to `stop`, in order. */
export function walSegments(
  timeline: number,
  segmentOctets: number,
  { start, stop }: { readonly start: string; readonly stop: string },
): string[] {
  const size = BigInt(segmentOctets);
  const perHigh = (1n << 32n) / size;
  // A position is where the next octet goes: one at the border of a segment still ends in the segment before.
  const last = (position(stop) - 1n) / size;
  const names: string[] = [];
  for (let at = position(start) / size; at <= last; at += 1n) {
    names.push(`${digits(BigInt(timeline))}${digits(at / perHigh)}${digits(at % perHigh)}`);
  }
  return names;
}
