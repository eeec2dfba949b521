// `messages`: what happens to texts, to the record of them, and to the other party's number.
import type { BodyStatement, MessageStatement, Messages } from '../../model.ts';
import { PURPOSE_KEYS } from '../../vocabulary/purposes.ts';
import { RETENTION_KEY_NAMES } from '../../vocabulary/retention.ts';
import { CHOSEN_KEY, keepingTime } from '../formats.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { dependingOn, type Reader, refined } from '../reader.ts';
import { boolean, choice, formatted } from '../values.ts';

/** A recipient's key; that it exists is checked with the whole policy at hand. */
export const recipientKey: Reader<string> = formatted('the key of a recipient', (value) =>
  CHOSEN_KEY.form.test(value) ? value : { wrong: 'is no key of a recipient' },
);

type Store = BodyStatement['store'];

function store(words: readonly Store[]): Reader<Store> {
  const takes = `${words.join(', ')} or a duration`;
  const word: Reader<Store> = choice(words);
  return dependingOn<Store>(takes, (node) =>
    node.kind === 'scalar' && typeof node.value === 'string' && !/^[-+P\d]/.test(node.value)
      ? word
      : keepingTime,
  );
}

const body = (words: readonly Store[]) =>
  refined(
    map<BodyStatement>({
      store: required(store(words)),
      ceiling: optional(keepingTime),
      purposes: defaulted(list(choice(PURPOSE_KEYS), PURPOSE_KEYS.length), []),
      recipients: defaulted(list(recipientKey, 20), []),
      searchable: defaulted(boolean, false),
    }),
    (value, at, path, reading) => {
      const waits = value.store === 'until_read' || value.store === 'until_final';
      if (waits && value.ceiling === undefined) {
        return reading.report(
          at,
          'E-RET-UNBOUNDED',
          `${path}.ceiling`,
          `Texts are kept ${value.store.replace('_', ' ')}, which may never come.`,
          'Add "ceiling": the longest a text waits.',
        );
      }
      if (!waits && value.ceiling !== undefined) {
        return reading.report(
          at,
          'E-VALUE',
          `${path}.ceiling`,
          `A ceiling bounds an event, and "store" is ${value.store}.`,
          'Remove "ceiling".',
        );
      }
      return value;
    },
  );

const retentionKey = choice(RETENTION_KEY_NAMES);

const direction = (words: readonly Store[]) =>
  map<MessageStatement>({
    body: required(body(words)),
    metadata: required(map<MessageStatement['metadata']>({ retention: required(retentionKey) })),
    counterparty: required(
      map<MessageStatement['counterparty']>({
        retention: required(retentionKey),
        index: defaulted(choice(['none', 'per_account']), 'none'),
      }),
    ),
  });

export const messages = map<Messages>({
  inbound: required(direction(['none', 'until_read'])),
  outbound: required(direction(['none', 'until_final'])),
});
