// What messages keeps about whom. A message is about the workspace that sends it and about its recipient, who has
// no account: content and number are sealed under the workspace's key of the day, so that both die with it.
import type { DB } from '#platform/tables';
import { clear, type DataMap, indexed, operations, sealed, steward } from '#privacy/data-map';

/** What became of a message: kept for reports and complaints, then loses its owner. */
const record = clear({
  category: 'user.behavior.delivery_metadata',
  purposes: ['service', 'delivery', 'billing', 'reliability'],
  basis: 'contract',
  retention: 'message_record',
  dispose: 'anonymise',
});

const owner = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['service', 'delivery', 'billing', 'reliability'],
  basis: 'contract',
  retention: 'message_record',
  dispose: 'anonymise',
});

const workspaceAlone = [{ column: 'workspace_id', leadsTo: 'workspace' }] as const;

export const messages = steward('messages', {
  message: {
    feature: 'messages',
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'recipient_index', leadsTo: 'recipient' },
    ],
    columns: {
      id: record,
      workspace_id: owner,
      class: record,
      recipient: sealed({
        category: 'user.contact.counterparty_number',
        purposes: ['service', 'delivery'],
        basis: 'contract',
        retention: 'message_content',
        sealedUnder: 'content_outbound',
        dispose: 'shred',
      }),
      recipient_index: indexed({
        category: 'user.contact.counterparty_number',
        purposes: ['service', 'delivery'],
        basis: 'contract',
        retention: 'message_content',
        comparesWithin: 'workspace',
        dispose: 'shred',
      }),
      body: sealed({
        category: 'user.content.private.sms_body',
        purposes: ['service', 'delivery'],
        basis: 'contract',
        retention: 'message_content',
        sealedUnder: 'content_outbound',
        dispose: 'shred',
      }),
      annotations: sealed({
        category: 'user.content.private',
        purposes: ['service'],
        basis: 'contract',
        retention: 'message_content',
        sealedUnder: 'content_outbound',
        dispose: 'shred',
      }),
      sender: clear({
        category: 'user.unique_id.leased_number',
        purposes: ['service', 'delivery'],
        basis: 'contract',
        retention: 'message_record',
        dispose: 'anonymise',
      }),
      encoding: record,
      segments: record,
      price_per_part: record,
      currency: record,
      test: record,
      created_at: record,
      scheduled_at: record,
      valid_until: record,
      possible_duplicate: record,
      closed_as: record,
      closed_at: record,
      close_error: record,
      erased_at: record,
      erase_by: record,
    },
  },
  part: {
    feature: 'messages',
    about: workspaceAlone,
    columns: {
      message_id: record,
      sequence: record,
      workspace_id: owner,
      connector_id: record,
      carrier_message_id: record,
      status: record,
      error_code: record,
      submitted_at: record,
      finished_at: record,
      undecided: record,
    },
  },
  queue: {
    feature: 'messages',
    about: workspaceAlone,
    columns: {
      message_id: record,
      sequence: record,
      workspace_id: owner,
      lane: record,
      connector_id: record,
      due_at: record,
      valid_until: record,
      sender_token: operations,
      epoch: operations,
      attempts: record,
      tried: record,
      resent: record,
    },
  },
  parked_receipt: {
    feature: 'messages',
    about: [{ column: 'destination', leadsTo: 'recipient' }],
    columns: {
      id: record,
      connector_id: record,
      carrier_message_ids: record,
      destination: sealed({
        category: 'user.contact.counterparty_number',
        purposes: ['delivery'],
        basis: 'contract',
        retention: 'message_content',
        sealedUnder: 'operator',
        dispose: 'erase',
      }),
      status: record,
      final: record,
      error_code: record,
      received_at: record,
    },
  },
  content_late: {
    about: workspaceAlone,
    columns: { message_id: record, workspace_id: owner, ended_at: record, held: record },
  },
  content_mark: {
    about: 'nobody',
    columns: { only_row: operations, below: operations, counted_from: operations },
  },
  sender: { about: 'nobody', columns: { token: operations, expires_at: operations, started_at: operations } },
  price: {
    about: 'nobody',
    columns: {
      id: operations,
      prefix: operations,
      class: operations,
      currency: operations,
      per_part: operations,
      cost_per_part: operations,
      created_at: operations,
    },
  },
  route: {
    about: 'nobody',
    columns: {
      id: operations,
      prefix: operations,
      class: operations,
      connector_id: operations,
      rank: operations,
      weight: operations,
      sender: operations,
      created_at: operations,
    },
  },
  tariff_version: { about: 'nobody', columns: { only_row: operations, version: operations } },
} as const satisfies DataMap<DB, 'messages'>);
