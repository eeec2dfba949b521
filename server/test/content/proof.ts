// What is looked for, what is made to happen before, and what counts as a finding.
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { numberForms, textForms } from './canary-forms.ts';
import { type Searched, searchDisk } from './disk-search.ts';
import type { ProofInstallation } from './proof-installation.ts';

const digits = (count: number) => `${randomInt(10 ** (count - 1), 10 ** count)}`;

/** Words and numbers of one run that exist nowhere else. */
export function drawCanaries() {
  return {
    inbound: `Quitten${randomBytes(6).toString('hex')}`,
    outbound: `Zwetschgen${randomBytes(5).toString('hex')}`,
    sender: `+49155580${digits(6)}`,
    /** The last digits choose the fate of a message at the simulated message centre. */
    reached: `+49155590${digits(3)}4711`,
    unreachable: `+49155570${digits(3)}0001`,
    ours: `+49155560${digits(6)}`,
  };
}
export type Canaries = ReturnType<typeof drawCanaries>;

/** Searches everything the installation has on disk. */
export function search(installation: ProofInstallation, canaries: Canaries): Searched {
  const { inbound, outbound, sender, reached, unreachable } = canaries;
  const named = (name: string, forms: ReturnType<typeof textForms>) =>
    forms.map((form) => ({ ...form, name: `${name}: ${form.name}` }));
  return searchDisk(
    [installation.folder],
    [
      ...named('inbound text', textForms(inbound)),
      ...named('outbound text', textForms(outbound)),
      ...named('sender', numberForms(sender)),
      ...named('recipient', numberForms(reached)),
      ...named('recipient out of reach', numberForms(unreachable)),
    ],
  );
}

/** Texts from a handset: short, long in both alphabets, in one piece, with parts out of order. */
export function textsOf({ inbound, sender, ours }: Canaries) {
  const phone = { from: sender.slice(1), to: ours.slice(1) };
  return {
    short: { ...phone, text: `${inbound} is what you asked for` },
    cyrillic: { ...phone, text: `${inbound} щ `.repeat(8), reference: 11, parts: [3, 1, 2, 1] },
    long: { ...phone, text: `${inbound}, `.repeat(12), reference: 12 },
    payload: { ...phone, text: `${inbound}; `.repeat(12), via: 'payload' as const },
    /** Its second part never comes. */
    half: { ...phone, text: `${inbound}. `.repeat(12), reference: 13, parts: [1] },
  };
}

/** Octets of the tables that hold inbound texts: a table has none until its first row, and keeps them when that goes. */
export async function octetsWritten(installation: ProofInstallation): Promise<number> {
  const [row] = await installation.sql<{ octets: string }>(
    `select coalesce(sum(pg_relation_size(c.oid)), 0) as octets
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'numbers' and c.relkind = 'r' and c.relname ~ '^inbound(_|$)'`,
  );
  return Number(row!.octets);
}

export const describeHits = ({ hits }: Searched, installation: ProofInstallation): string[] =>
  hits.map(({ file, form }) => `${file.slice(join(installation.folder, '/').length)}: ${form}`);
