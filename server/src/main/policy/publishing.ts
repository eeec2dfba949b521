// Publishing a policy: what was promised is kept whole, the next one is compared with it, and what people have to be
// told of takes effect no sooner than they were promised notice.
import { canonicalForm, checkPolicy, diffPolicies, type Policy, type PolicyChange } from '@sotto/policy';
import { durationOf } from '@sotto/policy/duration';
import type { Database } from '#platform/database';
import { Refusal } from '#platform/errors';
import { newId } from '#platform/ids';
import { declareEvent, emit } from '#platform/outbox';
import { insertPolicy, type PolicyVersionRow, readLatestPolicy } from '#privacy/policy-versions';
import { faultLine, type PolicyFile } from './policy-file.ts';

/** A version was published; notices go out by what hears it. */
export const policyPublished = declareEvent<{ policy_version_id: string }>('policy.published');

export interface Publication {
  /** False when the same content was published before. */
  readonly isNew: boolean;
  /** What it changes of the version before; empty for the first. */
  readonly changes: readonly PolicyChange[];
  readonly material: boolean;
}

export interface PublishOptions {
  /** `2026-01-31` */
  readonly today: string;
  /** Material changes are given the time that the version in force promises. Development does without. */
  readonly notice: boolean;
}

/**
 * Publishes a policy, in a transaction of its own. Throws a Refusal with E-VER when content changed under the same
 * version or date, and when a material change would take effect before people were told. May be repeated.
 */
export async function publishPolicy(
  db: Database,
  file: PolicyFile,
  { today, notice }: PublishOptions,
): Promise<Publication> {
  return db.batch(async (tx) => {
    const latest = await readLatestPolicy(tx);
    if (latest?.hash === file.hash) return { isNew: false, changes: [], material: false };
    const previous = latest === undefined ? undefined : policyOf(latest);
    if (previous !== undefined) refuseSameVersion(file, previous, today);
    const changes = previous === undefined ? [] : diffPolicies(previous, file.policy);
    const material = changes.some((change) => change.material);
    if (material && notice) refuseWithoutNotice(previous!, file.policy, today);
    const { id: name, version, effective } = file.policy.policy;
    const id = newId();
    const isNew = await insertPolicy(tx, {
      id,
      hash: file.hash,
      name,
      version,
      effective,
      canonical: canonicalForm(file.policy),
      material,
    });
    if (isNew) await emit(tx, policyPublished, { policy_version_id: id });
    return { isNew, changes, material };
  });
}

/**
 * Holds the policy of a start against what was published. Development publishes what is new by itself; production runs
 * only what was published and is in effect.
 */
export async function refuseUnpublished(
  db: Database,
  file: PolicyFile,
  { today, production }: { readonly today: string; readonly production: boolean },
): Promise<void> {
  const latest = await db.batch(readLatestPolicy);
  if (latest?.hash !== file.hash) {
    if (!production) {
      await publishPolicy(db, file, { today, notice: false });
      return;
    }
    if (latest !== undefined) refuseSameVersion(file, policyOf(latest), today);
    throw new Refusal(`The policy ${file.name} has not been published as it stands.`, [
      `publish it: npx sotto policy publish ${file.name}`,
      ...(latest === undefined ? [] : [`run what is published: ${latest.name} ${latest.version}`]),
    ]);
  }
  if (production && latest.effective > today) {
    throw new Refusal(`The policy ${file.name} takes effect on ${latest.effective}, and today is ${today}.`, [
      'run the version before until then',
      'start again on that day',
    ]);
  }
}

/** The policy of a published version: its canonical form is JSON. */
const policyOf = (row: PolicyVersionRow): Policy => JSON.parse(row.canonical) as Policy;

function refuseSameVersion(file: PolicyFile, previous: Policy, today: string): void {
  const faults = checkPolicy(file.policy, { now: today, production: false, previous }, file.locate).filter(
    ({ code }) => code === 'E-VER',
  );
  if (faults.length === 0) return;
  throw new Refusal(
    [
      `the policy ${file.name} differs from what was published.`,
      ...faults.map((fault) => `  ${faultLine(file.name, fault)}`),
    ].join('\n'),
    ['mend the lines above', 'run what was published'],
  );
}

function refuseWithoutNotice(previous: Policy, next: Policy, today: string): void {
  const promised = previous.changes.material_notice_before;
  if (promised === undefined) return;
  const { months, days, seconds } = durationOf(promised);
  const earliest = Temporal.PlainDate.from(today)
    .add({ months, days: days + Math.ceil(seconds / 86_400) })
    .toString();
  if (next.policy.effective >= earliest) return;
  throw new Refusal(
    `E-VER: it changes what people were promised notice of (${promised}), and takes effect on ${next.policy.effective}.`,
    [`write an effective date of ${earliest} or later`, 'make no material change: npx sotto policy diff'],
  );
}
