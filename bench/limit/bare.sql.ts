// The writes of a message's whole life, as bare as they can be: the rows and the shapes of the product's statements,
// without reading anything the life of a message does not need, and without a product around them.

/** Statements are prepared once a connection, by name. */
export interface BareStatement {
  readonly name: string;
  readonly text: string;
}

const statement = (name: string, text: string): BareStatement => ({ name, text });

export const LOCK_WALLET = statement(
  'bare.lock_wallet',
  `select workspace_id, available
     from ledger.wallet
    where workspace_id = $1::uuid
      for no key update`,
);

export const INSERT_MESSAGES = statement(
  'bare.insert_messages',
  `insert into messages.message (id, workspace_id, class, recipient, recipient_index, body, annotations, sender,
                                 encoding, segments, price_per_part, currency, test, created_at, valid_until)
   select i.id, i.workspace_id, i.class::messages.class, i.recipient, i.recipient_index, i.body, i.annotations, i.sender,
          i.encoding, i.segments, i.price_per_part, i.currency, i.test, c.now, c.now + interval '1 day'
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
                 $9::text[], $10::smallint[], $11::bigint[], $12::text[], $13::boolean[])
       as i(id, workspace_id, class, recipient, recipient_index, body, annotations, sender, encoding, segments,
            price_per_part, currency, test)
    cross join (select platform.clock() as now) c`,
);

/** Claimed as they are written, as parts are for which there is room. */
export const INSERT_QUEUE = statement(
  'bare.insert_queue',
  `insert into messages.queue (message_id, sequence, workspace_id, lane, connector_id, due_at, valid_until, sender_token, epoch)
   select i.message_id, i.sequence, i.workspace_id, i.lane, i.connector_id, c.now, c.now + interval '1 day',
          i.sender_token, 1
     from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::smallint[], $5::uuid[], $6::uuid[])
       as i(message_id, sequence, workspace_id, lane, connector_id, sender_token)
    cross join (select platform.clock() as now) c`,
);

export const PLACE_HOLDS = statement(
  'bare.place_holds',
  `with opened as (
     insert into ledger.hold (id, workspace_id, amount, from_bonus, expires_at, opened_by)
     select id, workspace_id, amount, 0, (select platform.clock()) + interval '4 days', $4::uuid
       from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as i(id, workspace_id, amount)
   ), posted as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     values ($4::uuid, 'hold', $5::uuid, (select platform.clock()))
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   values ($4::uuid, $5::uuid, 'available', 'EUR', -$6::bigint), ($4::uuid, $5::uuid, 'held', 'EUR', $6::bigint)`,
);

export const EMIT = statement(
  'bare.emit',
  `insert into platform.outbox (id, name, payload) values ($1::uuid, $2::text, $3::jsonb)`,
);

export const TAKE_EVENTS = statement(
  'bare.take_events',
  `delete from platform.outbox where id = any($1::uuid[])`,
);

export const STORE_ANSWERS = statement(
  'bare.store_answers',
  `with answer as (
     select * from unnest($1::uuid[], $2::smallint[], $3::integer[], $4::text[], $5::text[])
       as a(message_id, sequence, epoch, status, carrier_message_id)
   ), gone as (
     delete from messages.queue q
      using answer a
      where q.message_id = a.message_id and q.sequence = a.sequence
        and q.sender_token = $6::uuid and q.epoch = a.epoch
     returning q.message_id, q.sequence, q.workspace_id, q.connector_id,
               a.status::messages.part_status as status, a.carrier_message_id
   )
   insert into messages.part (message_id, sequence, workspace_id, connector_id, carrier_message_id, status, submitted_at)
   select g.message_id, g.sequence, g.workspace_id, g.connector_id, g.carrier_message_id, g.status, c.now
     from gone g cross join (select platform.clock() as now) c`,
);

export const CAPTURE_HOLDS = statement(
  'bare.capture_holds',
  `with resolved as (
     update ledger.hold
        set state = 'captured', captured = amount, resolved_by = $2::uuid
      where id = any($1::uuid[])
        and id between $3::uuid and $4::uuid
        and state = 'open'
     returning amount
   ), posted as (
     insert into ledger.transaction (id, kind, workspace_id, created_at)
     values ($2::uuid, 'capture', $5::uuid, (select platform.clock()))
   )
   insert into ledger.entry (transaction_id, workspace_id, account, currency, amount)
   select $2::uuid, case when e.account = 'held' then $5::uuid end, e.account, 'EUR', e.amount
     from (select sum(amount)::bigint as amount from resolved) r
    cross join lateral (values ('held'::ledger.account, -r.amount), ('revenue', r.amount)) as e(account, amount)`,
);

export const FIND_PARTS = statement(
  'bare.find_parts',
  `select p.message_id, p.sequence
     from unnest($1::uuid[], $2::text[]) as c(connector_id, carrier_message_id)
    cross join lateral (
      select p.message_id, p.sequence
        from messages.part p
       where p.connector_id = c.connector_id and p.carrier_message_id = c.carrier_message_id
         and p.message_id >= $3::uuid
       order by p.message_id desc
       limit 1
    ) p`,
);

export const APPLY_RECEIPTS = statement(
  'bare.apply_receipts',
  `update messages.part p
      set status = 'delivered', finished_at = (select platform.clock())
     from unnest($1::uuid[], $2::smallint[]) as r(message_id, sequence)
    where p.message_id = r.message_id and p.sequence = r.sequence
      and p.message_id between $3::uuid and $4::uuid
      and p.status in ('submitted', 'unknown')`,
);

/** The owner sets the stage; the workload itself runs with the rights of the product's role. */
export const MAKE_WALLET = `
  insert into ledger.wallet (workspace_id, currency, available)
  values ($1::uuid, 'EUR', 1000000000000000)`;

export const COUNT_DELIVERED = `select count(*) as delivered from messages.part where status = 'delivered'`;
