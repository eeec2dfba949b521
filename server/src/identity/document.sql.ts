// Statements on identity.document and identity.document_chunk.
import { arrays } from '#platform/arrays';
import type { Tx } from '#platform/database';
import { statement } from '#platform/statement';
import type { Sealed } from '#privacy';

export interface DocumentRow {
  readonly id: string;
  readonly check_id: string;
  readonly kind: string;
  readonly media_type: string;
  readonly octets: number;
  readonly created_at: Date;
}

const INSERT = statement<never>(
  'identity.insert_document',
  'service',
  `insert into identity.document (id, check_id, kind, media_type, octets, created_at)
   values ($1::uuid, $2::uuid, $3::text, $4::text, $5::integer, $6::timestamptz)`,
);
const INSERT_CHUNKS = statement<never>(
  'identity.insert_document_chunks',
  'legal',
  `insert into identity.document_chunk (document_id, number, content)
   select $1::uuid, (c.number - 1)::smallint, c.content
     from unnest($2::bytea[]) with ordinality as c(content, number)`,
);

export const insertDocument = (tx: Tx, row: DocumentRow, chunks: readonly Sealed[]) =>
  Promise.all([
    tx.exec(INSERT, [row.id, row.check_id, row.kind, row.media_type, row.octets, row.created_at]),
    tx.exec(INSERT_CHUNKS, [row.id, arrays.bytea(chunks)]),
  ]);

const OF_CHECK = statement<DocumentRow>(
  'identity.list_documents',
  'service',
  `select id, check_id, kind, media_type, octets, created_at
     from identity.document
    where check_id = $1::uuid
    order by id`,
);

/** The documents of a check, oldest first, along document_of_check. The check bounds how many there are. */
export const selectDocuments = (tx: Tx, checkId: string): Promise<DocumentRow[]> =>
  tx.exec(OF_CHECK, [checkId]);

const ONE = statement<DocumentRow>(
  'identity.get_document',
  'security',
  `select id, check_id, kind, media_type, octets, created_at
     from identity.document
    where id = $1::uuid`,
);

export const selectDocument = async (tx: Tx, id: string): Promise<DocumentRow | undefined> =>
  (await tx.exec(ONE, [id]))[0];

const CHUNKS = statement<{ content: Sealed | null }>(
  'identity.read_document',
  'legal',
  `select content
     from identity.document_chunk
    where document_id = $1::uuid
    order by number`,
);

/** The sealed chunks of a document in their order, by the primary key. */
export const selectChunks = async (tx: Tx, documentId: string): Promise<Sealed[]> =>
  (await tx.exec(CHUNKS, [documentId])).flatMap(({ content }) => (content === null ? [] : [content]));
