// What tests of inbound texts stand on: a database with two connectors, a sink, and workspaces with a number each.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { createWorkspace } from '#accounts';
import { newId } from '#platform/ids';
import { type Keyring, openKeyring } from '#privacy';
import { openMemoryKeyStore } from '#privacy/memory-key-store';
import { useDatabase } from '../../../test/harness.ts';
import {
  addNumber,
  assignNumber,
  createInboundSink,
  type InboundPart,
  type InboundSink,
  listInbound,
} from '../numbers.ts';

/** Call it at describe level; use what it returns inside tests. */
export function useInbound() {
  const database = useDatabase({ connections: 12 });
  const connectorId = newId();
  const otherConnectorId = newId();
  let keyring: Keyring;
  let sink: InboundSink;
  let made = 0;
  before(async () => {
    keyring = await openKeyring(openMemoryKeyStore());
    sink = createInboundSink(database.db, keyring);
    await database.sql(
      `insert into carriers.connector (id, name, host, port, system_id)
       values ($1, 'first', 'smpp.example.com', 2775, 'sotto'), ($2, 'second', 'smpp.example.net', 2775, 'sotto')`,
      [connectorId, otherConnectorId],
    );
  });

  const workspace = () =>
    database.db.batch(
      async (tx) =>
        (await createWorkspace(tx, keyring, { kind: 'organisation', name: 'Shop', currency: 'EUR' })).id,
    );

  const assign = async (numberId: string, workspaceId: string) => {
    const done = await database.db.batch((tx) => assignNumber(tx, numberId, workspaceId));
    assert.equal(done.outcome, 'done');
  };

  const number = async () => {
    const e164 = `+4915555${String(++made).padStart(6, '0')}`;
    const added = await database.db.batch((tx) => addNumber(tx, { e164, connectorId }));
    assert.ok(added.outcome === 'done');
    return added.number;
  };

  /** A workspace with a number, what makes parts for it, and what it reads. */
  async function tenant() {
    const workspaceId = await workspace();
    const { id: numberId, e164 } = await number();
    await assign(numberId, workspaceId);
    const part = (text: string, changes: Partial<InboundPart> = {}): InboundPart => ({
      connectorId,
      from: '+4915123450001',
      to: e164,
      text,
      octets: null,
      concat: null,
      ...changes,
    });
    /** The parts of one long text. */
    const long = (texts: readonly string[], reference: number, changes: Partial<InboundPart> = {}) =>
      texts.map((text, at) =>
        part(text, { concat: { reference, bits: 8, total: texts.length, sequence: at + 1 }, ...changes }),
      );
    const list = (page: Partial<Parameters<typeof listInbound>[3]> = {}) =>
      listInbound(database.db, keyring, workspaceId, { before: null, limit: 200, ...page });
    const texts = async () => (await list()).map((each) => each.text);
    return { workspaceId, numberId, e164, part, long, list, texts };
  }

  const count = async (table: string, where = 'true', values: unknown[] = []) => {
    const rows = await database.sql<{ n: number }>(
      `select count(*)::int as n from ${table} where ${where}`,
      values,
    );
    return rows[0]!.n;
  };

  return {
    database,
    otherConnectorId,
    get keyring() {
      return keyring;
    },
    get sink() {
      return sink;
    },
    workspace,
    assign,
    number,
    tenant,
    count,
    advance: (ms: number) => database.advance(ms),
  };
}
