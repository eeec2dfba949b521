// Obligations of `messages`: both directions, body, record and the other party's number apart.
import { isHeld } from '../checks/held.ts';
import type { Bound, Direction, Obligation, Policy, RetentionRule } from '../model.ts';
import type { RetentionEvent, RetentionKey } from '../vocabulary/retention.ts';

const DIRECTIONS: readonly Direction[] = ['inbound', 'outbound'];

/** How a rule bounds: from which event, how long, and which event normally ends it before. */
export function boundOf(rule: RetentionRule): Pick<Bound, 'duration' | 'from' | 'until' | 'then' | 'hold'> {
  const hold = rule.hold ? { hold: rule.hold } : {};
  return 'for' in rule
    ? { duration: rule.for, from: rule.from, then: rule.then, ...hold }
    : { ...hold, duration: rule.ceiling, from: startOf(rule.until), until: rule.until, then: rule.then };
}

/** A ceiling on an account that stays open counts from its last use; everything else from its creation. */
const startOf = (until: RetentionEvent): RetentionEvent =>
  until === 'account_closed' ? 'last_activity' : 'created';

export function messageObligations(policy: Policy): readonly Obligation[] {
  return DIRECTIONS.flatMap((direction) => [...oneDirection(policy, direction)]);
}

function* oneDirection(policy: Policy, direction: Direction): Generator<Obligation> {
  const { body, metadata, counterparty } = policy.messages[direction];
  const path = `messages.${direction}`;
  if (body.store === 'none') {
    yield {
      kind: 'PROHIBIT',
      id: `prohibit:body:${direction}`,
      path: `${path}.body.store`,
      assurance: 'enforced',
      what: { type: 'body', direction },
    };
  } else {
    yield {
      kind: 'BOUND',
      id: `bound:body:${direction}`,
      path: `${path}.body.store`,
      assurance: 'verified',
      what: { type: 'body', direction },
      ...bodyBound(policy, direction),
    };
    if (!body.searchable) {
      yield {
        kind: 'PROHIBIT',
        id: `prohibit:body_search:${direction}`,
        path: `${path}.body.searchable`,
        assurance: 'enforced',
        what: { type: 'body_search', direction },
      };
    }
  }
  yield {
    kind: 'LIMIT',
    id: `limit:body:${direction}`,
    path: `${path}.body`,
    assurance: 'enforced',
    what: { type: 'body', direction, recipients: body.recipients },
    purposes: body.purposes,
  };
  yield* keyed(policy, metadata.retention, {
    id: `bound:metadata:${direction}`,
    path: `${path}.metadata.retention`,
    what: { type: 'metadata', direction, key: metadata.retention },
  });
  if (!isHeld(policy, 'user.contact.counterparty_number')) return;
  yield* keyed(policy, counterparty.retention, {
    id: `bound:counterparty:${direction}`,
    path: `${path}.counterparty`,
    what: { type: 'counterparty', direction, key: counterparty.retention, index: counterparty.index },
  });
}

/** A key without a rule bounds nothing; the checks report it. */
function* keyed(
  policy: Policy,
  key: RetentionKey,
  head: Pick<Bound, 'id' | 'path' | 'what'>,
): Generator<Obligation> {
  const rule = policy.retention[key];
  if (rule) yield { kind: 'BOUND', assurance: 'verified', ...head, ...boundOf(rule) };
}

/** The time a text is kept: the duration promised, or the ceiling of the event. */
function bodyBound(
  policy: Policy,
  direction: Direction,
): Pick<Bound, 'duration' | 'from' | 'until' | 'then'> {
  const { store, ceiling } = policy.messages[direction].body;
  const rule = policy.retention[direction === 'inbound' ? 'inbound_content' : 'message_content'];
  const then = rule?.then ?? 'shred';
  const from = direction === 'inbound' ? 'created' : 'delivered';
  if (store === 'until_read' || store === 'until_final') {
    return {
      duration: ceiling!,
      from: 'created',
      until: store === 'until_read' ? 'read' : 'delivered',
      then,
    };
  }
  return { duration: store, from, then };
}
