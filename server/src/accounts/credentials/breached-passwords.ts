// A file of passwords that were in breaches, which the operator may provide: the first eight octets of their SHA-1
// hashes, ascending, one after another, nothing else. It is searched on disk by bisection, so its size costs no memory
// (a billion of them are 8 GB and some 25 small reads). Eight octets of a uniform hash give a wrong hit about once in
// twenty billion passwords, which then asks for another password. From a list of hexadecimal hashes in order it is
// made by `cut -c1-16 | xxd -r -p`.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Refusal } from '#platform/errors';

const RECORD_OCTETS = 8;
/** What is read at once when the place is nearly known. */
const BLOCK_RECORDS = 512;
/** Places looked at when the file is opened, to tell one that is not sorted. */
const SAMPLES = 64;

export interface BreachedPasswords {
  /** Whether the password is in the file. May be repeated and called at the same time. */
  has(password: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the file. Throws `Refusal` when it is missing, empty, cut off or not in ascending order. */
export async function openBreachedPasswords(path: string): Promise<BreachedPasswords> {
  const file = await open(path, 'r').catch((cause) => {
    throw new Refusal('The file of breached passwords cannot be read.', [], cause);
  });
  try {
    const records = await countRecords(file);
    return {
      has: (password) => search(file, records, firstOctets(password)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function countRecords(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0 || size % RECORD_OCTETS !== 0) throw badFile('empty or cut off');
  const records = size / RECORD_OCTETS;
  let last: Buffer = Buffer.alloc(RECORD_OCTETS);
  for (let sample = 0; sample < Math.min(SAMPLES, records); sample++) {
    const at = records <= SAMPLES ? sample : Math.floor((sample * (records - 1)) / (SAMPLES - 1));
    const [found] = await read(file, at, 1);
    if (Buffer.compare(found!, last) < 0) throw badFile('not in ascending order');
    last = found!;
  }
  return records;
}

const badFile = (fault: string) =>
  new Refusal(`The file of breached passwords is ${fault}.`, [
    'make it of hashes in ascending order: cut -c1-16 | xxd -r -p',
  ]);

/** NIST SP 800-63B-4 §3.1.1.2 asks for the comparison; SHA-1 is what such lists hold, and protects nothing here. */
const firstOctets = (password: string) =>
  createHash('sha1').update(password, 'utf8').digest().subarray(0, RECORD_OCTETS);

async function search(file: FileHandle, records: number, wanted: Buffer): Promise<boolean> {
  let low = 0;
  let high = records;
  while (high - low > BLOCK_RECORDS) {
    const middle = Math.floor((low + high) / 2);
    const [found] = await read(file, middle, 1);
    if (Buffer.compare(found!, wanted) <= 0) low = middle;
    else high = middle;
  }
  const block = await read(file, low, high - low);
  return block.some((record) => record.equals(wanted));
}

/** Records from a place on. A file that became shorter meanwhile ends them early; that is a fault of the operator's. */
async function read(file: FileHandle, at: number, count: number): Promise<Buffer[]> {
  const buffer = Buffer.alloc(count * RECORD_OCTETS);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, at * RECORD_OCTETS);
  if (bytesRead !== buffer.length) throw new Error('The file of breached passwords became shorter');
  return Array.from({ length: count }, (_, index) =>
    buffer.subarray(index * RECORD_OCTETS, (index + 1) * RECORD_OCTETS),
  );
}
