// A keyring that seals nothing: the shape of the server's, with the value in place of its sealed form, its index and its
// keyed hash. Cheaper than any product that kept texts in clear would be, which hashes its API keys at least.

/** Stands for every key; none exists. */
const NO_KEY = '00000000-0000-8000-8000-000000000000';
const EPOCH = 1;
/** Octets of a blind index and of a keyed hash behind their epoch. */
const INDEX_OCTETS = 16;
const HASH_OCTETS = 32;
const SIGNATURE_OCTETS = 64;

/** The value as octets of a fixed number: cut at the front, where API keys are alike, or filled with zeros. */
function fixed(octets: number, value: string | Buffer): Buffer {
  const form = Buffer.alloc(1 + octets);
  form[0] = EPOCH;
  Buffer.from(value).subarray(-octets).copy(form, 1);
  return form;
}

const asOctets = (value: string | Buffer): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);
const index = (value: string | Buffer) => fixed(INDEX_OCTETS, value);
const hash = (value: string | Buffer) => fixed(HASH_OCTETS, value);

export async function openKeyring() {
  const count = { cached: 0, hits: 0, loads: 0, evictions: 0, seals: 0, opens: 0, shreddedReads: 0 };
  return {
    keyId: () => NO_KEY,
    ensure: async (refs: readonly unknown[]) => refs.map(() => ({ keyId: NO_KEY, state: 'living' as const })),
    load: async () => undefined,
    seal: (_place: unknown, plaintext: string | Buffer) => asOctets(plaintext),
    open: (_place: unknown, sealed: Buffer) => ({ state: 'open' as const, plaintext: sealed }),
    indexRef: (workspaceId: string) => ({ class: 'index' as const, workspaceId, epoch: EPOCH }),
    indexKeyIds: () => [NO_KEY],
    index: (_column: string, _workspaceId: string, value: string) => index(value),
    indexCandidates: (_column: string, _workspaceId: string, value: string) => [index(value)],
    globalIndex: (_column: string, value: string) => index(value),
    globalIndexCandidates: (_column: string, value: string) => [index(value)],
    mac: (_column: string, value: string | Buffer) => hash(value),
    macCandidates: (_column: string, value: string | Buffer) => [hash(value)],
    macMatches: (_column: string, value: string | Buffer, stored: Buffer) => hash(value).equals(stored),
    pseudonym: (_column: string, value: string) => hash(value),
    sign: () => ({ epoch: EPOCH, bytes: Buffer.alloc(SIGNATURE_OCTETS) }),
    isSigned: () => true,
    signingKeys: () => [],
    destroy: async () => undefined,
    evict: () => undefined,
    stats: () => count,
    close: async () => undefined,
  };
}
