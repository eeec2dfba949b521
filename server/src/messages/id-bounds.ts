// Set-based statements name their rows twice: by `= any(ids)`, which is what an index is searched with, and by the
// bounds of the ids, which lets the partitions of other days be left out when the statement starts. Bounds alone
// would be read as a range, which is a day of everybody's messages.

/** The lowest and the highest of some ids, which sort as uuids do. At least one. */
export function idBounds(ids: readonly string[]): readonly [lowest: string, highest: string] {
  let lowest = ids[0]!;
  let highest = lowest;
  for (const id of ids) {
    if (id < lowest) lowest = id;
    if (id > highest) highest = id;
  }
  return [lowest, highest];
}
