// The data map as facts for the gate: one for every column that holds something about somebody.
import type { ColumnFact, Policy } from '@sotto/policy';
import type { AnyTable, CompleteMap, Tag } from '#privacy/data-map';

/**
 * Every tagged column; a column of closed JSON gives one for each leaf. Where each is asked for leave, the basis is the
 * one that the policy gives. Counts and guards are added by the caller.
 */
export function columnFacts(map: CompleteMap, { data }: Pick<Policy, 'data'>): ColumnFact[] {
  return [...map.tables].flatMap(([table, { columns, feature, asksLeave }]) =>
    Object.entries(columns)
      .flatMap(([column, tag]) => factsOf(table, column, tag, feature))
      .map((fact) => {
        const said = data[fact.category];
        return asksLeave && said !== undefined && said.collect !== 'never'
          ? { ...fact, basis: said.basis }
          : fact;
      }),
  );
}

function factsOf(table: string, column: string, tag: Tag, feature: AnyTable['feature']): ColumnFact[] {
  switch (tag.protection) {
    case 'none':
      return [];
    case 'json':
      return Object.entries(tag.leaves).flatMap(([path, leaf]) =>
        factsOf(table, `${column}.${path}`, leaf, feature),
      );
    default: {
      const { category, purposes, basis, retention, dispose, protection } = tag;
      return [
        {
          table,
          column,
          category,
          purposes,
          basis,
          retention,
          dispose,
          protection,
          ...(tag.protection === 'sealed' ? { sealedUnder: tag.sealedUnder } : {}),
          ...(feature === undefined ? {} : { feature }),
        },
      ];
    }
  }
}
