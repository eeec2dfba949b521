-- Connectors to message centres, and which process holds which of their binds.

create schema carriers;
grant usage on schema carriers to sotto_batch;

create table carriers.connector (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
  enabled boolean not null default true,
  version bigint not null default 1,
  host text not null check (length(host) between 1 and 253),
  port integer not null check (port between 1 and 65535),
  tls text not null default 'off' check (tls in ('off', 'verify', 'pinned')),
  tls_ca text check (length(tls_ca) <= 65536),
  tls_server_name text check (length(tls_server_name) between 1 and 253),
  system_id text not null check (length(system_id) between 1 and 15),
  password privacy.sealed,
  system_type text not null default '' check (length(system_type) <= 12),
  bind_mode text not null default 'trx' check (bind_mode in ('trx', 'tx_rx')),
  binds smallint not null default 1 check (binds between 1 and 32),
  window_size integer not null default 10 check (window_size between 1 and 5000),
  otp_window_reserve integer not null default 1 check (otp_window_reserve >= 0 and (otp_window_reserve < window_size or window_size = 1)),
  parts_per_second integer check (parts_per_second between 1 and 100000),
  interface_version smallint not null default 52 check (interface_version in (51, 52, 80)),
  source_international_ton smallint not null default 1 check (source_international_ton between 0 and 6),
  source_international_npi smallint not null default 1 check (source_international_npi between 0 and 18),
  source_alphanumeric_ton smallint not null default 5 check (source_alphanumeric_ton between 0 and 6),
  source_alphanumeric_npi smallint not null default 0 check (source_alphanumeric_npi between 0 and 18),
  source_short_code_ton smallint not null default 3 check (source_short_code_ton between 0 and 6),
  source_short_code_npi smallint not null default 0 check (source_short_code_npi between 0 and 18),
  destination_ton smallint not null default 1 check (destination_ton between 0 and 6),
  destination_npi smallint not null default 1 check (destination_npi between 0 and 18),
  default_alphabet text not null default 'gsm7' check (default_alphabet in ('gsm7', 'gsm7_packed', 'latin1', 'ascii')),
  long_messages text not null default 'udh8' check (long_messages in ('udh8', 'udh16', 'sar', 'payload')),
  registered_delivery smallint not null default 1 check (registered_delivery between 0 and 31),
  message_ids text not null default 'learned' check (message_ids in ('exact', 'hex_to_dec', 'dec_to_hex', 'learned')),
  accepted_is_final boolean not null default false,
  validity text not null default 'relative' check (validity in ('none', 'relative', 'absolute')),
  enquire_link_seconds integer not null default 30 check (enquire_link_seconds between 1 and 3600),
  response_timeout_seconds integer not null default 30 check (response_timeout_seconds between 1 and 600),
  permanent_statuses integer[] not null default '{}' check (cardinality(permanent_statuses) <= 64),
  temporary_statuses integer[] not null default '{}' check (cardinality(temporary_statuses) <= 64),
  throttling_statuses integer[] not null default '{}' check (cardinality(throttling_statuses) <= 64),
  upstream_retention_days integer check (upstream_retention_days between 0 and 36500),
  created_at timestamptz not null default platform.clock(),
  changed_at timestamptz not null default platform.clock()
);
comment on table carriers.connector is 'One account at one message centre.';
comment on column carriers.connector.version is 'Grows with every change; running processes reload a connector whose version differs.';
comment on column carriers.connector.host is 'A host of the recipient kind carrier: the only hosts SMPP sockets are opened to.';
comment on column carriers.connector.tls is 'off; verify against the public authorities or tls_ca; pinned to the certificates of tls_ca alone.';
comment on column carriers.connector.tls_ca is 'Certificates in PEM.';
comment on column carriers.connector.tls_server_name is 'The name the certificate must carry; host when null.';
comment on column carriers.connector.password is 'Sealed under the operator key; null for an empty password.';
comment on column carriers.connector.binds is 'Sessions over all processes together; pairs of sessions where bind_mode is tx_rx.';
comment on column carriers.connector.window_size is 'Unanswered submissions per bind, as agreed with the carrier.';
comment on column carriers.connector.otp_window_reserve is 'Part of each window that only one-time codes may use.';
comment on column carriers.connector.parts_per_second is 'Over all binds of one process; null: no limit but the window.';
comment on column carriers.connector.interface_version is '51 is SMPP 3.3 (no optional parameters), 52 is 3.4, 80 is 5.0.';
comment on column carriers.connector.default_alphabet is 'What the carrier reads under data_coding 0.';
comment on column carriers.connector.message_ids is 'How the id in a receipt becomes the id of the submission.';
comment on column carriers.connector.accepted_is_final is 'Whether a receipt ACCEPTD ends the message.';
comment on column carriers.connector.permanent_statuses is 'command_status values to be read as permanent here, whatever the standard says.';
comment on column carriers.connector.upstream_retention_days is 'How long the carrier says it keeps texts and numbers; null: not declared.';
grant select, insert, update, delete on carriers.connector to sotto_batch;

-- At most `binds` sessions exist over all processes: each needs the lease of its slot. A process whose lease has run
-- out closes its socket before it writes again, and another one takes the slot under the next epoch.
create table carriers.bind_lease (
  connector_id uuid not null references carriers.connector (id) on delete cascade,
  slot smallint not null check (slot >= 0),
  token uuid,
  epoch bigint not null default 1,
  expires_at timestamptz not null,
  primary key (connector_id, slot)
) with (fillfactor = 50);
comment on column carriers.bind_lease.token is 'The process that holds the slot, an id it drew at its start; null when it was given back.';
grant select, insert, update, delete on carriers.bind_lease to sotto_batch;
