// What is named is there: rules, purposes, recipients, sentences.
import { nearest } from '../grammar/nearest.ts';
import type { Direction, Policy } from '../model.ts';
import { compile } from '../obligations/compile.ts';
import type { Purpose } from '../vocabulary/purposes.ts';
import type { RetentionKey } from '../vocabulary/retention.ts';
import { LOG_CLASSES } from '../vocabulary/security.ts';
import { type Check, type Finding, refuse } from './finding.ts';
import { heldEntries } from './held.ts';

export const checkReferences: Check = function* (policy) {
  for (const [path, key] of rulesUsed(policy)) {
    if (policy.retention[key]) continue;
    yield refuse(
      'E-RET-UNBOUNDED',
      path,
      `"${path}" is kept under the rule ${key}, and "retention" has no such rule.`,
      `Add retention.${key}.`,
    );
  }
  for (const [path, purpose] of purposesUsed(policy)) {
    if (policy.purposes[purpose]) continue;
    yield refuse(
      'E-CONTRADICTION',
      path,
      `"${path}" is for ${purpose}, and "purposes" does not list it.`,
      `Add purposes.${purpose} with its basis, or remove it here.`,
    );
  }
  for (const [path, key] of recipientsUsed(policy)) {
    if (Object.hasOwn(policy.recipients, key)) continue;
    const near = nearest(key, Object.keys(policy.recipients));
    yield refuse(
      'E-CONTRADICTION',
      path,
      `"${path}" names the recipient ${key}, and "recipients" has none.`,
      near ? `Did you mean "${near}"?` : `Add recipients.${key}.`,
    );
  }
  yield* sentences(policy);
};

function* rulesUsed(policy: Policy): Generator<readonly [string, RetentionKey]> {
  for (const [category, said] of heldEntries(policy)) {
    for (const key of said.retention) yield [`data.${category}.retention`, key];
  }
  for (const direction of ['inbound', 'outbound'] as const) {
    const { metadata, counterparty } = policy.messages[direction];
    yield [`messages.${direction}.metadata.retention`, metadata.retention];
    yield [`messages.${direction}.counterparty.retention`, counterparty.retention];
  }
  for (const [at, key] of policy.account.deletion.keep.entries()) yield [`account.deletion.keep[${at}]`, key];
  yield ['security.audit.retention', policy.security.audit.retention];
  for (const log of LOG_CLASSES) {
    const said = policy.logs.classes[log];
    if (said) yield [`logs.classes.${log}.retention`, said.retention];
  }
}

function* purposesUsed(policy: Policy): Generator<readonly [string, Purpose]> {
  for (const [category, said] of heldEntries(policy)) {
    for (const purpose of said.purposes) yield [`data.${category}.purposes`, purpose];
  }
  for (const direction of ['inbound', 'outbound'] as const) {
    const path = `messages.${direction}.body.purposes`;
    for (const purpose of policy.messages[direction].body.purposes) yield [path, purpose];
  }
  for (const [at, cookie] of policy.cookies.list.entries())
    yield [`cookies.list[${at}].purpose`, cookie.purpose];
  for (const [at, tracker] of policy.cookies.trackers.entries()) {
    yield [`cookies.trackers[${at}].purpose`, tracker.purpose];
  }
}

function* recipientsUsed(policy: Policy): Generator<readonly [string, string]> {
  for (const direction of ['inbound', 'outbound'] satisfies Direction[]) {
    for (const [at, key] of policy.messages[direction].body.recipients.entries()) {
      yield [`messages.${direction}.body.recipients[${at}]`, key];
    }
  }
  for (const [at, { recipient }] of policy.cookies.trackers.entries()) {
    if (recipient !== undefined) yield [`cookies.trackers[${at}].recipient`, recipient];
  }
}

/** A sentence in place of a template belongs to something that is promised. */
function* sentences(policy: Policy): Generator<Finding> {
  const ids = compile(policy).map(({ id }) => id);
  for (const [language, prose] of Object.entries(policy.text)) {
    for (const id of Object.keys(prose.sentences)) {
      if (ids.includes(id)) continue;
      const near = nearest(id, ids);
      yield refuse(
        'E-CONTRADICTION',
        `text.${language}.sentences.${id}`,
        `There is a sentence for "${id}", which this policy does not promise.`,
        near ? `Did you mean "${near}"?` : 'Remove the sentence.',
      );
    }
  }
}
