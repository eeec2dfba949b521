// The data map against the live database (E-SCHEMA-DRIFT). Types rule our code; this rules what somebody did
// with a console, what a migration forgot, and what a cast talked the compiler into.
import type { CompleteMap } from '../map/complete-map.ts';
import type { Tag } from '../map/tags.ts';
import type { LiveColumn } from './live-catalog.sql.ts';

/** The protection a column's type gives. */
function protectionOf(type: string): Tag['protection'] | 'clear or none' {
  switch (type) {
    case 'privacy.sealed':
      return 'sealed';
    case 'privacy.blind_index':
      return 'indexed';
    case 'privacy.keyed_hash':
      return 'hashed';
    case 'json':
    case 'jsonb':
      return 'json';
    default:
      return 'clear or none';
  }
}

function isKept(tag: Tag, type: string): boolean {
  const protection = protectionOf(type);
  return protection === 'clear or none'
    ? tag.protection === 'clear' || tag.protection === 'none'
    : tag.protection === protection;
}

/**
 * Every way in which map and database differ, as sentences; empty when they agree. Views and foreign tables are
 * differences: they show columns under names no tag follows.
 */
export function compareWithCatalog(map: CompleteMap, live: readonly LiveColumn[]): string[] {
  const faults = new Set<string>();
  const seen = new Set<string>();
  for (const { table, column, type, relation } of live) {
    const name = `${table}.${column}`;
    seen.add(name);
    if (relation !== 'table') {
      faults.add(`${table} is a ${relation}: its columns escape the data map`);
      continue;
    }
    const tag = map.columns.get(name);
    if (!map.tables.has(table)) faults.add(`${table} is in no steward`);
    else if (!tag) faults.add(`${name} has no tag`);
    else if (!isKept(tag, type)) faults.add(`${name} is tagged ${tag.protection} and is of type ${type}`);
  }
  for (const name of map.columns.keys()) {
    if (!seen.has(name)) faults.add(`${name} is tagged and does not exist`);
  }
  return [...faults].sort();
}
