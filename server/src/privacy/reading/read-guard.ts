// The run-time half of a reader: walks the tree of a query once, when it is compiled, and refuses what the types
// let through. It judges four things: whole rows (`select *`, `to_json(table)`), columns the purpose may not see
// that were named through a cast, raw SQL, and anything that writes. Aliases and `count(*)` pass.
import type {
  KyselyPlugin,
  OperationNode,
  PluginTransformQueryArgs,
  PluginTransformResultArgs,
  QueryResult,
  RootOperationNode,
  UnknownRow,
} from 'kysely';
import { CLOCK_SQL } from './database-clock.sql.ts';

/** Whether each column may be read, by `schema.table` and column. */
export type ReadableColumns = ReadonlyMap<string, ReadonlyMap<string, boolean>>;

/** A programmer's error: the query asks for more than its reader's purpose may see. */
export class UnreadableQuery extends Error {
  constructor(purpose: string, sentence: string) {
    super(`E-PURPOSE: a read for ${purpose} ${sentence}`);
    this.name = 'UnreadableQuery';
  }
}

/** Raw fragments that name no column: Kysely's own keywords, and the clock. */
const HARMLESS_SQL: ReadonlySet<string> = new Set(['asc', 'desc', 'true', CLOCK_SQL]);

const WRITES: ReadonlySet<string> = new Set([
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
]);

/** A node as the walk sees it; which fields it has follows from its kind. */
type Node = OperationNode & { readonly [field: string]: unknown };

/** What one `select` reads from: the name it goes by, and the table, or null for what is read already. */
type Scope = ReadonlyMap<string, string | null>;

export class ReadGuard implements KyselyPlugin {
  readonly #purpose: string;
  readonly #columns: ReadableColumns;

  constructor(purpose: string, columns: ReadableColumns) {
    this.#purpose = purpose;
    this.#columns = columns;
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    const root = node as unknown as Node;
    const expressions = new Set<string>();
    collectExpressionNames(root, expressions);
    this.#walk(root, [], expressions);
    return node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }

  #refuse(sentence: string): never {
    throw new UnreadableQuery(this.#purpose, sentence);
  }

  #walk(node: Node, scopes: readonly Scope[], expressions: ReadonlySet<string>): void {
    const { kind } = node as { kind: string };
    if (WRITES.has(kind)) this.#refuse('writes');
    if (kind === 'SelectQueryNode') {
      this.#walkSelect(node, scopes, expressions);
      return;
    }
    if (kind === 'ReferenceNode') {
      this.#checkReference(node, scopes);
      return;
    }
    if (kind === 'SelectionNode' && isWholeRow(node.selection as Node))
      this.#refuse('selects whole rows: name the columns');
    if (kind === 'RawNode') this.#checkRaw(node);
    if (kind === 'FunctionNode' || kind === 'AggregateFunctionNode') {
      const parts = childrenOf({ arguments: node.arguments, aggregated: node.aggregated });
      if (parts.some((part) => (part.kind as string) === 'TableNode'))
        this.#refuse('passes whole rows to a function: name the columns');
    }
    // `count(*)` counts rows and shows none of them.
    const isCountOfRows = node.func === 'count' && nodesOf(node.aggregated).every(isSelectAll);
    for (const child of childrenOf(isCountOfRows ? { ...node, aggregated: undefined } : node))
      this.#walk(child, scopes, expressions);
  }

  #walkSelect(node: Node, outer: readonly Scope[], expressions: ReadonlySet<string>): void {
    const scope = new Map<string, string | null>();
    const sources = [
      ...nodesOf((node.from as Node | undefined)?.froms),
      ...nodesOf(node.joins).map((join) => join.table as Node),
    ];
    for (const source of sources) this.#addSource(source, scope, expressions);
    const scopes = [scope, ...outer];
    const aliases = new Set(
      nodesOf(node.selections).flatMap(({ selection }) => aliasOf(selection as Node) ?? []),
    );
    const { orderBy, ...rest } = node;
    for (const child of childrenOf(rest)) this.#walk(child, scopes, expressions);
    for (const item of nodesOf((orderBy as Node | undefined)?.items)) {
      const by = item.orderBy as Node;
      // A bare name in ORDER BY is first of all a column of the result, which was judged where it was selected.
      const isResultColumn = by.table === undefined && aliases.has(columnName(by) ?? '');
      for (const child of isResultColumn ? [] : childrenOf(item)) this.#walk(child, scopes, expressions);
    }
  }

  #addSource(source: Node, scope: Map<string, string | null>, expressions: ReadonlySet<string>): void {
    const alias = aliasOf(source);
    const inner = alias === undefined ? source : (source.node as Node);
    if ((inner.kind as string) !== 'TableNode') {
      if (alias !== undefined) scope.set(alias, null);
      return;
    }
    const { schema, name } = tableName(inner);
    const table = schema === undefined ? name : `${schema}.${name}`;
    const isExpression = schema === undefined && expressions.has(name);
    if (!isExpression && !this.#columns.has(table)) this.#refuse(`reads from ${table}, which is not its own`);
    scope.set(alias ?? name, isExpression ? null : table);
  }

  #checkReference(node: Node, scopes: readonly Scope[]): void {
    const column = columnName(node);
    if (column === undefined) this.#refuse('names whole rows: name the columns');
    if (node.table !== undefined) {
      const { name } = tableName(node.table as Node);
      const table = scopes.find((scope) => scope.has(name))?.get(name);
      if (table) this.#checkColumn(table, column);
      return;
    }
    for (const scope of scopes) {
      const holders = [...scope.values()].filter((table) => table && this.#columns.get(table)?.has(column));
      for (const table of holders) this.#checkColumn(table!, column);
      if (holders.length > 0) return;
      if (scope.has(column)) this.#refuse(`names the whole row ${column}: name the columns`);
    }
  }

  #checkColumn(table: string, column: string): void {
    const allowed = this.#columns.get(table)?.get(column);
    if (allowed === undefined) this.#refuse(`names ${table}.${column}, which no steward tags`);
    if (!allowed) this.#refuse(`names ${table}.${column}, which is not for ${this.#purpose}`);
  }

  #checkRaw(node: Node): void {
    const [text, ...more] = node.sqlFragments as readonly string[];
    const isBare = more.length === 0 && (node.parameters as readonly unknown[]).length === 0;
    if (!isBare || !HARMLESS_SQL.has(text ?? ''))
      this.#refuse('holds raw SQL, which nobody can judge: write a registered statement');
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string';

/** The nodes of a field that is one, several or none. */
const nodesOf = (field: unknown): Node[] => (Array.isArray(field) ? field : [field]).filter(isNode);

const childrenOf = (node: object): Node[] => Object.values(node).flatMap(nodesOf);

const isSelectAll = (node: Node): boolean =>
  (node.kind as string) === 'SelectAllNode' ||
  ((node.kind as string) === 'SelectionNode' && isSelectAll(node.selection as Node));

const isWholeRow = (node: Node): boolean =>
  (node.kind as string) === 'SelectAllNode' ||
  ((node.kind as string) === 'ReferenceNode' && columnName(node) === undefined);

/** The column a reference names; undefined for `table.*` and for what is no reference. */
function columnName(node: Node): string | undefined {
  const column = node.column as { readonly column?: { readonly name: string } } | undefined;
  return column?.column?.name;
}

const aliasOf = (node: Node): string | undefined =>
  (node.kind as string) === 'AliasNode' ? (node.alias as { readonly name?: string }).name : undefined;

function tableName(node: Node): { readonly schema: string | undefined; readonly name: string } {
  const { schema, identifier } = node.table as {
    readonly schema?: { readonly name: string };
    readonly identifier: { readonly name: string };
  };
  return { schema: schema?.name, name: identifier.name };
}

/** Names of common table expressions, wherever they stand; their bodies are judged like any other select. */
function collectExpressionNames(node: Node, names: Set<string>): void {
  if ((node.kind as string) === 'CommonTableExpressionNameNode')
    names.add(tableName(node.table as Node).name);
  else for (const child of childrenOf(node)) collectExpressionNames(child, names);
}
