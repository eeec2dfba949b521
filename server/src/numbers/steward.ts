// What each column of numbers holds about somebody, and what becomes of it.
import type { DB } from '#platform/tables';
import { clear, type DataMap, indexed, operations, sealed, steward } from '#privacy/data-map';

/** Which number a workspace had, and when: what a complaint or a legal request asks. */
const lease = clear({
  category: 'user.unique_id.leased_number',
  purposes: ['service', 'delivery', 'fraud'],
  basis: 'contract',
  retention: 'lease',
  dispose: 'erase',
});

/** That a text came, without who wrote it or what. */
const metadata = clear({
  category: 'user.behavior.delivery_metadata',
  purposes: ['service', 'delivery', 'activation_support'],
  basis: 'contract',
  retention: 'inbound_content',
  dispose: 'erase',
});

const sender = sealed({
  category: 'user.contact.counterparty_number',
  purposes: ['service', 'delivery'],
  basis: 'contract',
  retention: 'inbound_content',
  sealedUnder: 'content_inbound',
  dispose: 'shred',
});

const senderIndex = indexed({
  category: 'user.contact.counterparty_number',
  purposes: ['service', 'delivery'],
  basis: 'contract',
  retention: 'inbound_content',
  comparesWithin: 'workspace',
  dispose: 'shred',
});

const content = sealed({
  category: 'user.content.private.sms_body',
  purposes: ['delivery'],
  basis: 'contract',
  retention: 'inbound_content',
  sealedUnder: 'content_inbound',
  dispose: 'shred',
});

export const numbers = steward('numbers', {
  number: {
    about: 'nobody',
    columns: {
      id: operations,
      e164: operations,
      connector_id: operations,
      capability: operations,
      quarantined_until: operations,
      retired_at: operations,
      created_at: operations,
    },
  },
  assignment: {
    about: [{ column: 'workspace_id', leadsTo: 'workspace' }],
    columns: { id: lease, number_id: lease, workspace_id: lease, during: lease, taken_back_at: lease },
  },
  inbound: {
    feature: 'stored_inbound',
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'sender_index', leadsTo: 'recipient' },
    ],
    columns: {
      id: metadata,
      workspace_id: metadata,
      number_id: metadata,
      sender,
      sender_index: senderIndex,
      form: metadata,
      content,
      segments: metadata,
      complete: metadata,
      received_at: metadata,
      set_id: metadata,
      erase_by: metadata,
      erased_at: metadata,
    },
  },
  inbound_set: {
    feature: 'stored_inbound',
    about: [
      { column: 'workspace_id', leadsTo: 'workspace' },
      { column: 'sender_index', leadsTo: 'recipient' },
    ],
    columns: {
      id: metadata,
      workspace_id: metadata,
      number_id: metadata,
      set_index: senderIndex,
      sender,
      sender_index: senderIndex,
      form: metadata,
      total: metadata,
      opened_at: metadata,
      closed_at: metadata,
    },
  },
  inbound_part: {
    feature: 'stored_inbound',
    about: [{ column: 'set_id', leadsTo: 'numbers.inbound_set' }],
    columns: { set_id: metadata, sequence: metadata, content },
  },
  home: {
    about: 'nobody',
    columns: {
      token: operations,
      address: operations,
      texts_held: operations,
      expires_at: operations,
      started_at: operations,
    },
  },
  assignment_home: {
    about: [{ column: 'assignment_id', leadsTo: 'numbers.assignment' }],
    columns: { assignment_id: lease, token: operations, epoch: operations },
  },
  memory_loss: {
    about: 'nobody',
    columns: { only_row: operations, texts: operations, last_at: operations },
  },
} as const satisfies DataMap<DB, 'numbers'>);
