-- Erasing content empties the index columns of a row. Empty ones have no entry any more: the indexes find people by
-- their number, and there is none to find.
drop index messages.message_to_recipient;
create index message_to_recipient on messages.message (workspace_id, recipient_index)
  where recipient_index is not null;
drop index numbers.inbound_sender;
create index inbound_sender on numbers.inbound (workspace_id, sender_index, id desc)
  where sender_index is not null;
