// Compiles: what every other file of this folder breaks in one place.
import { completeMap } from '../../src/privacy/map/complete-map.ts';
import {
  type DataMap,
  type IndexedColumnOf,
  type SealedColumnOf,
  steward,
} from '../../src/privacy/map/data-map.ts';
import { clear, closedJson, hashed, indexed, operations, sealed } from '../../src/privacy/map/tags.ts';
import type { DB } from './database.ts';

export const owner = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'billing'],
  basis: 'contract',
  retention: 'ledger',
  dispose: 'anonymise',
});

export const entry = clear({
  category: 'user.financial.ledger_entry',
  purposes: ['billing'],
  basis: 'legal_obligation',
  retention: 'ledger',
  dispose: 'anonymise',
});

export const text = sealed({
  category: 'user.content.private.sms_body',
  sealedUnder: 'content_outbound',
  purposes: ['delivery'],
  basis: 'contract',
  retention: 'message_content',
  dispose: 'shred',
});

export const number = sealed({
  category: 'user.contact.counterparty_number',
  sealedUnder: 'content_outbound',
  purposes: ['delivery'],
  basis: 'contract',
  retention: 'message_content',
  dispose: 'shred',
});

export const numberIndex = indexed({
  category: 'user.contact.counterparty_number',
  comparesWithin: 'workspace',
  purposes: ['service', 'suppression'],
  basis: 'contract',
  retention: 'message_record',
  dispose: 'erase',
});

export const secret = hashed({
  category: 'user.authorization.password',
  purposes: ['security'],
  basis: 'contract',
  retention: 'account',
  dispose: 'erase',
});

export const account = {
  about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
  columns: { id: operations, workspace_id: owner, posted: entry, held: entry },
} as const;

export const posting = {
  about: [{ column: 'account_id', leadsTo: 'ledger.account' }],
  columns: { id: operations, account_id: owner, amount: entry },
} as const;

export const messageAbout = [
  { column: 'workspace_id', leadsTo: 'workspace' },
  { column: 'recipient_index', leadsTo: 'recipient' },
] as const;

export const messageColumns = {
  id: operations,
  workspace_id: owner,
  body: text,
  recipient: number,
  recipient_index: numberIndex,
  note: operations,
  detail: closedJson({ encoding: operations, 'route.name': operations }),
} as const;

export const ledger = steward('ledger', { account, posting } as const satisfies DataMap<DB, 'ledger'>);

export const messages = steward('messages', {
  message: { about: messageAbout, columns: messageColumns },
} as const satisfies DataMap<DB, 'messages'>);

export const accounts = steward('accounts', {
  api_key: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: operations, workspace_id: owner, hash: secret },
  },
} as const satisfies DataMap<DB, 'accounts'>);

export const everything = completeMap<DB>()({ ledger, messages, accounts });

export const sealedColumns: SealedColumnOf<typeof messages>[] = [
  'messages.message.body',
  'messages.message.recipient',
];
export const indexedColumn: IndexedColumnOf<typeof messages> = 'messages.message.recipient_index';
