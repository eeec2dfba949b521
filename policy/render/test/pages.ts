// Pages for tests, and finding a statement on one.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../../model.ts';
import { compile } from '../../obligations/compile.ts';
import { PROFILES } from '../../test/policies.ts';
import type { Feature } from '../../vocabulary/features.ts';
import { composePage, type PageOptions } from '../compose-page.ts';
import type { Page, Statement } from '../page.ts';

export const TODAY = '2026-06-15';

/** Profiles that are shipped. */
export const SHIPPED = PROFILES.filter((name) =>
  existsSync(join(import.meta.dirname, '../../../policies', `${name}.yaml`)),
);

export interface Made extends Partial<PageOptions> {
  /** Features that are on; absent: all. */
  readonly on?: readonly Feature[];
}

export function pageOf(policy: Policy, { on, ...options }: Made = {}): Page {
  return composePage(policy, compile(policy), {
    language: 'en',
    isOn: (feature) => on === undefined || on.includes(feature),
    today: TODAY,
    ...options,
  });
}

export const statementsOf = (page: Page): Statement[] =>
  page.sections.flatMap(({ statements }) => [...statements]);

export function find(page: Page, id: string): Statement | undefined {
  const found = statementsOf(page).filter((statement) => statement.id === id);
  assert.ok(found.length <= 1, `${id} stands ${found.length} times`);
  return found[0];
}

/** A statement that has to be there. */
export function mustFind(page: Page, id: string): Statement {
  const statement = find(page, id);
  assert.ok(statement, `${id} does not stand on the page`);
  return statement;
}
