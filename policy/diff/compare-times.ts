// How bounds, deadlines, gates and prohibitions compare: longer, later, lower.
import { mayExceed } from '../duration.ts';
import type { Bound, Deadline, GateObligation, Prohibition } from '../model.ts';
import type { Disposal } from '../vocabulary/retention.ts';
import { addedTo, harmless, lesser, notable, type Verdict, worse } from './change.ts';

/** How little is left. */
const GONE: Record<Disposal, number> = { erase: 2, shred: 2, anonymise: 1, aggregate: 0 };

export function* compareBounds(before: Bound, after: Bound): Generator<Verdict> {
  const [was, is] = [before.what, after.what];
  if (was.type === 'counterparty' && is.type === 'counterparty' && was.index !== is.index) {
    yield is.index === 'none' ? harmless('numbers are not indexed') : lesser('numbers are indexed');
  }
  // Under the same rule, a difference is the rule's, and reported there.
  if ('direction' in was && 'key' in was && 'key' in is && was.key === is.key) return;
  if (before.duration !== after.duration) {
    yield mayExceed(after.duration, before.duration)
      ? worse(`kept ${after.duration}, and was ${before.duration}`)
      : harmless(`kept ${after.duration} only`);
  }
  if (before.from !== after.from || before.until !== after.until) {
    yield worse(`counted from ${after.from}, and was from ${before.from}`);
  }
  if (before.then !== after.then) {
    yield GONE[after.then] < GONE[before.then]
      ? worse(`in the end ${after.then}, and was ${before.then}`, 'then')
      : harmless(`in the end ${after.then}`);
  }
  if (before.hold !== after.hold)
    yield after.hold ? worse('a legal hold may keep it longer', 'hold') : harmless('no legal hold');
  if (was.type === 'inactivity' && is.type === 'inactivity') {
    const notices = addedTo(is.notify, was.notify);
    if (notices.length > 0 && is.notify.length <= was.notify.length)
      yield worse('other notices before the end', 'notify');
    else if (is.notify.length !== was.notify.length) yield harmless('another notice before the end');
  }
  // What a rule covers is compared where the category says it; here it only shows what else the rule holds.
  if (was.type === 'retention' && is.type === 'retention') {
    const categories = addedTo(was.categories, is.categories);
    if (categories.length > 0) yield harmless(`covers ${categories.join(', ')} as well`);
  }
}

/** Events of which later is better for people. */
const LATER_IS_BETTER: ReadonlySet<Deadline['event']> = new Set(['material_change', 'consent_reasked']);
/** Events that people wait for. */
const WAITED_FOR: ReadonlySet<Deadline['event']> = new Set([
  'right_requested',
  'first_reply',
  'deletion_requested',
  'child_discovered',
  'breach_known',
  'material_change',
  'subscription_cancelled',
]);

export function* compareDeadlines(before: Deadline, after: Deadline): Generator<Verdict> {
  if (before.calendar !== after.calendar) {
    yield after.calendar === 'business_days'
      ? worse('counted in business days now', 'calendar')
      : harmless('counted in all days now');
  }
  if (before.action !== after.action) {
    yield after.action === 'restrict' ? worse('only restricted now', 'action') : harmless('erased now');
  }
  if (before.target !== after.target) yield harmless('another aim');
  if (before.within === after.within) return;
  const slower = LATER_IS_BETTER.has(after.event)
    ? mayExceed(before.within, after.within)
    : mayExceed(after.within, before.within);
  const reason = `within ${after.within}, and was ${before.within}`;
  if (!slower) yield harmless(reason);
  else yield WAITED_FOR.has(after.event) ? worse(reason) : lesser(reason);
}

export function* compareGates(before: GateObligation, after: GateObligation): Generator<Verdict> {
  const [was, is] = [before.condition, after.condition];
  if (was.type === 'age' && is.type === 'age') {
    if (is.min_age < was.min_age) yield worse(`from ${is.min_age} years, and was ${was.min_age}`, 'min_age');
    if (is.min_age > was.min_age) yield notable(`from ${is.min_age} years only`);
    if (is.gate !== was.gate)
      yield is.gate === 'none' ? worse('age is not asked', 'gate') : harmless('age is asked');
  }
  if (was.type === 'consent' && is.type === 'consent') {
    const features = addedTo(was.features, is.features);
    if (features.length > 0) yield worse(`without consent also off: ${features.join(', ')}`);
  }
  if (was.type === 'sale' && is.type === 'sale' && was.mode !== is.mode) {
    yield is.mode === 'opt_out'
      ? worse('data is sold unless somebody objects')
      : harmless('sold with consent only');
  }
}

export function* compareProhibitions(before: Prohibition, after: Prohibition): Generator<Verdict> {
  const [was, is] = [before.what, after.what];
  if (was.type === 'sale' && is.type === 'sale' && was.scope !== is.scope) {
    yield is.scope === 'monetary'
      ? worse('only sale for money is excluded', 'sale_scope')
      : harmless('sharing for any consideration is excluded too');
  }
}
