// Readers whose queries nobody walks: what a purpose may see is not checked when a query is compiled.

/** Never thrown here; named by whoever catches it. */
export class UnreadableQuery extends Error {}

/** A plugin of the query builder that lets everything pass. */
export class ReadGuard {
  transformQuery<Node>({ node }: { readonly node: Node }): Node {
    return node;
  }

  async transformResult<Result>({ result }: { readonly result: Result }): Promise<Result> {
    return result;
  }
}
