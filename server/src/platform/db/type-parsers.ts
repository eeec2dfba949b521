// How PostgreSQL's text answers become values: 64-bit integers are bigint (money), timestamps are Date,
// everything else as node-pg has it. RowDescription names a domain's base type, so domains need no entry.
import pg from 'pg';

const INT8 = 20;
const INT8_ARRAY = 1016;
const INT4_ARRAY = 1007;
const UUID_ARRAY = 2951;

const bigints = (text: string) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(BigInt));

const own: Record<number, (text: string) => unknown> = {
  [INT8]: BigInt,
  [INT8_ARRAY]: bigints,
  [INT4_ARRAY]: (text) => (text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)),
  [UUID_ARRAY]: (text) => (text === '{}' ? [] : text.slice(1, -1).split(',')),
};

export const typeParsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const parser = format === 'binary' ? undefined : own[oid];
    return parser ?? pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;
