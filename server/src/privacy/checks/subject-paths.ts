// Whether everybody a row is about can be reached from it: a path may lead through other tables, but it has to
// end at somebody. The erasure plan and the answer to a request for access walk the same paths, the other way.
import type { CompleteMap } from '../map/complete-map.ts';
import type { SubjectKind } from '../map/data-map.ts';

/** A way from a table to a subject: columns to follow in order, each `schema.table.column`. */
export interface Way {
  readonly subject: SubjectKind;
  readonly columns: readonly string[];
}

const SUBJECTS: Readonly<Record<SubjectKind, true>> = {
  workspace: true,
  person: true,
  recipient: true,
  visitor: true,
  staff: true,
};

/** Ways longer than this are a mistake of the map rather than of the search. */
const STEPS_MAX = 8;

/** Every way from a table to the subjects of its rows, shortest first; none for a table about nobody. */
export function waysToSubjects(map: CompleteMap, table: string): Way[] {
  const found: Way[] = [];
  let open: { table: string; columns: string[] }[] = [{ table, columns: [] }];
  for (let step = 0; step < STEPS_MAX && open.length > 0; step += 1) {
    const next: typeof open = [];
    for (const at of open) {
      const about = map.tables.get(at.table)?.about ?? 'nobody';
      if (about === 'nobody') continue;
      for (const { column, leadsTo } of about) {
        const target = String(leadsTo);
        const columns = [...at.columns, `${at.table}.${String(column)}`];
        if (Object.hasOwn(SUBJECTS, target)) found.push({ subject: target as SubjectKind, columns });
        // A table already on the way would lead in a circle.
        else if (!columns.some((each) => each.startsWith(`${target}.`)))
          next.push({ table: target, columns });
      }
    }
    open = next;
  }
  return found;
}

/** Tables whose rows are about somebody the map gives no way to, as sentences; empty when there are none. */
export function unreachableSubjects(map: CompleteMap): string[] {
  const faults: string[] = [];
  for (const [name, { about }] of map.tables) {
    if (about === 'nobody') continue;
    for (const { column, leadsTo } of about) {
      const target = String(leadsTo);
      if (Object.hasOwn(SUBJECTS, target)) continue;
      const table = map.tables.get(target);
      if (!table) faults.push(`${name}.${String(column)} leads to ${target}, which is in no steward`);
      else if (table.about === 'nobody')
        faults.push(`${name}.${String(column)} leads to ${target}, which is about nobody`);
    }
    if (waysToSubjects(map, name).length === 0)
      faults.push(`${name} is about somebody and no path ends at anybody`);
  }
  return faults.sort();
}
