// How limits and disclosures compare: what may be held, why, and who else sees it.
import type { Disclosure, Limit } from '../model.ts';
import type { RedactionMode } from '../vocabulary/recipients.ts';
import { addedTo, harmless, notable, type Verdict, worse } from './change.ts';

export function* compareLimits(before: Limit, after: Limit): Generator<Verdict> {
  const purposes = addedTo(before.purposes, after.purposes);
  if (purposes.length > 0) yield worse(`new purpose: ${purposes.join(', ')}`, 'purposes');
  if (addedTo(after.purposes, before.purposes).length > 0) yield harmless('a purpose was given up');
  const [was, is] = [before.what, after.what];
  if (was.type === 'category' && is.type === 'category') {
    if (was.basis !== is.basis) yield worse(`the lawful basis is ${is.basis}, and was ${was.basis}`, 'basis');
    else if (was.interest !== is.interest) yield notable(`the interest is ${is.interest}`);
    const viewers = addedTo(was.visible_to, is.visible_to);
    if (viewers.length > 0) yield worse(`also seen by ${viewers.join(', ')}`, 'visible_to');
    else if (was.visible_to.length !== is.visible_to.length) yield harmless('seen by fewer');
    if (is.collect === 'required' && was.collect !== 'required') yield worse('is required now', 'collect');
    else if (is.collect !== was.collect) yield harmless(`is ${is.collect} now`);
    const rules = addedTo(was.retention, is.retention);
    if (rules.length > 0) yield worse(`also kept under the rule ${rules.join(', ')}`, 'retention');
    else if (was.retention.length !== is.retention.length) yield harmless('kept under fewer rules');
  }
  if (was.type === 'purpose' && is.type === 'purpose') {
    if (was.basis !== is.basis) yield worse(`the lawful basis is ${is.basis}, and was ${was.basis}`, 'basis');
    else if (was.interest !== is.interest) yield notable(`the interest is ${is.interest}`);
  }
  if (was.type === 'body' && is.type === 'body') {
    const recipients = addedTo(was.recipients, is.recipients);
    if (recipients.length > 0) yield worse(`texts go to: ${recipients.join(', ')}`, 'recipients');
    if (addedTo(is.recipients, was.recipients).length > 0) yield harmless('texts go to fewer recipients');
  }
  if (was.type === 'transfers' && is.type === 'transfers') {
    const countries = addedTo(was.countries, is.countries);
    const filledIn = was.countries.includes('XX');
    if (countries.length > 0) {
      yield filledIn
        ? notable(`countries are named: ${countries.join(', ')}`)
        : worse(`new country: ${countries.join(', ')}`, 'allowed');
    }
    if (addedTo(is.countries, was.countries).length > 0) yield harmless('a country was given up');
    const mechanisms = addedTo(was.mechanisms, is.mechanisms);
    if (mechanisms.length > 0) yield worse(`transfers may rest on ${mechanisms.join(', ')}`, 'mechanism');
    else if (was.mechanisms.length !== is.mechanisms.length) yield harmless('fewer mechanisms');
    if (was.encrypted && !is.encrypted) yield worse('transfers are not encrypted', 'encrypted');
  }
}

export function* compareDisclosures(before: Disclosure, after: Disclosure): Generator<Verdict> {
  if (before.name !== after.name) yield notable(`the recipient is ${after.name}`);
  if (before.role !== after.role) yield worse(`is ${after.role} now, and was ${before.role}`, 'role');
  if (before.country !== after.country) {
    yield before.country === 'XX'
      ? notable(`the country is named: ${after.country}`)
      : worse(`new country: ${after.country}`, 'country');
  }
  const categories = addedTo(before.categories, after.categories);
  if (categories.length > 0) yield worse(`new categories: ${categories.join(', ')}`, 'categories');
  if (addedTo(after.categories, before.categories).length > 0) yield harmless('fewer categories');
  const purposes = addedTo(before.purposes, after.purposes);
  if (purposes.length > 0) yield worse(`new purpose: ${purposes.join(', ')}`, 'purposes');
  if (addedTo(after.purposes, before.purposes).length > 0) yield harmless('fewer purposes');
  if (before.transfer !== after.transfer) {
    yield notable(`the transfer rests on ${after.transfer ?? 'no mechanism, none being needed'}`);
  }
  yield* compareHosts(before.hosts, after.hosts);
  if (before.redaction !== after.redaction) {
    yield RIGOUR[after.redaction ?? 'none'] < RIGOUR[before.redaction ?? 'none']
      ? worse('content is no longer discarded after use', 'redaction')
      : harmless('content is discarded after use');
  }
  if (before.when !== after.when) {
    yield after.when
      ? harmless(`only while ${after.when} is on`)
      : worse('is no longer tied to a feature', 'when');
  }
}

const RIGOUR: Record<RedactionMode, number> = { none: 0, redact: 1, discard: 2 };

/** A policy that named no hosts left them to the configuration; naming them is no less. */
function* compareHosts(before: Disclosure['hosts'], after: Disclosure['hosts']): Generator<Verdict> {
  if (before === 'customer_endpoints' || after === 'customer_endpoints') {
    if (before !== after)
      yield after === 'customer_endpoints' ? worse('may be any host', 'hosts') : harmless('named hosts only');
    return;
  }
  if (before.length > 0 && after.length === 0) yield worse('hosts are no longer named', 'hosts');
  else if (before.length > 0 && addedTo(before, after).length > 0) yield notable('other hosts');
  else if (before.length !== after.length) yield harmless('hosts are named');
}
