// Generated from the catalog after all migrations by `npm run schema`. Do not edit.
import type { Generated, GeneratedAlways } from 'kysely';
import type { Branded } from '../brand.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type BlindIndex = Branded<Buffer, 'BlindIndex'>;
export type KeyedHash = Branded<Buffer, 'KeyedHash'>;
export type Sealed = Branded<Buffer, 'Sealed'>;

export interface DB {
  'abuse.appeal': {
    id: string;
    /** No foreign key: an appeal outlives its workspace by the moments its end takes. */
    workspace_id: string;
    /** The code of the refusal, of contract/reasons.ts. */
    reason: string;
    /** Sealed under the key of the appeal. */
    body: Sealed;
    state: string;
    created_at: Date;
    /** When it was decided. */
    closed_at: Date | null;
    /** The tier that was given until granted_until; null for an exception from the reason alone. */
    tier: string | null;
    /** When what was granted ends. It ends with the row at the latest. */
    granted_until: Date | null;
    /** Its workspace is erased: it goes with the next run of retention. */
    workspace_ended_at: Date | null;
  };
  'abuse.bucket': {
    /** A workspace, account or key that is limited. */
    pseudonym: BlindIndex | null;
    /** An IPv4 address or a /64 of IPv6 that is limited. */
    address: BlindIndex | null;
    email: BlindIndex | null;
    device: BlindIndex | null;
    /** When every token is back; a bucket that is full says nothing, and goes. */
    full_at: Date;
    /** Follows full_at in steps of ten minutes, so that its index is seldom written. */
    sweep_at: Date;
    created_at: Generated<Date>;
  };
  'accounts.admin_token': {
    id: string;
    secret_hash: KeyedHash;
    created_at: Generated<Date>;
    expires_at: Date;
    redeemed_at: Date | null;
    /** The administrator's key it was exchanged for. */
    api_key_id: string | null;
  };
  'accounts.agreement': {
    id: string;
    version: string;
    text: string;
    /** SHA-256 of the text in UTF-8: what an acceptance names. */
    digest: Buffer;
    /** From when organisations that have accepted neither it nor a later one make no live keys; null: never. */
    required_from: Date | null;
    published_at: Generated<Date>;
  };
  'accounts.agreement_acceptance': {
    workspace_id: string;
    agreement_id: string;
    /** Null once that account is erased: the organisation accepted, and goes on. */
    accepted_by: string | null;
    accepted_at: Generated<Date>;
  };
  'accounts.api_key': {
    id: string;
    /** Null for administrators' keys, which belong to no workspace. */
    workspace_id: string | null;
    kind: string;
    /** Who issued it: another key, the operator, the one-time token of the first administrator, the development seed. */
    origin: string;
    created_by: string | null;
    /** What it is for. Sealed under the identity key of the workspace, or the operator key. */
    name: Sealed;
    /** Keyed hash of the whole token; the token itself is shown once and kept nowhere. */
    secret_hash: KeyedHash;
    /** First characters of the random part, to tell keys apart. */
    first_four: string;
    /** Last characters of the token, to tell keys apart. */
    last_four: string;
    scopes: (string)[];
    /** Where it may be used from; null means anywhere. */
    networks: (string)[] | null;
    expires_at: Date | null;
    created_at: Generated<Date>;
    /** Exact to ten minutes: uses within them are not written. */
    last_used_at: Date | null;
    revoked_at: Date | null;
    /** Who created it, signed in. They may be gone since. */
    created_by_person: string | null;
    /** How fast it may be used, in each process of the API; null: as fast as any. */
    requests_per_second: number | null;
  };
  'accounts.device': {
    person_id: string;
    token_hash: KeyedHash;
    /** Of the code that gives the account to a new device, once. */
    recovery_hash: KeyedHash;
    /** Operating system and its version, as the app says; null where nobody says. */
    system: string | null;
    app_version: string | null;
    changed_at: Generated<Date>;
  };
  'accounts.inactivity_notice': {
    workspace_id: string;
    /** How long before the end it went out, as the policy says it. */
    distance: string;
    sent_at: Generated<Date>;
  };
  'accounts.invitation': {
    id: string;
    workspace_id: string;
    invited_by: string;
    role: string;
    /** Who is invited; sealed under the identity key of the workspace, null once accepted. What is revoked or too old goes whole. */
    email: Sealed | null;
    secret_hash: KeyedHash;
    created_at: Generated<Date>;
    expires_at: Date;
    /** The row stays until its end, so that accepting again is recognised. */
    accepted_at: Date | null;
  };
  'accounts.link': {
    id: string;
    person_id: string;
    purpose: string;
    secret_hash: KeyedHash;
    email: Sealed | null;
    created_at: Generated<Date>;
    expires_at: Date;
    used_at: Date | null;
  };
  'accounts.membership': {
    workspace_id: string;
    person_id: string;
    role: string;
    created_at: Generated<Date>;
  };
  'accounts.organisation': {
    workspace_id: string;
    /** Sealed under the identity key of the workspace. */
    name: Sealed;
  };
  'accounts.passkey': {
    id: string;
    person_id: string;
    credential_id: Buffer;
    public_key: Buffer;
    /** Random; the authenticator says it when nobody has said who they are. */
    user_handle: Buffer;
    /** Grows with each use, or is 0 for ever. */
    counter: bigint;
    transports: (string)[];
    backup_eligible: boolean;
    backed_up: boolean;
    /** What its owner calls it; sealed under the identity key of the person. */
    name: Sealed | null;
    created_at: Generated<Date>;
    last_used_at: Date | null;
  };
  'accounts.password': {
    person_id: string;
    /** PHC string of argon2id, sealed under the identity key of the person: a stolen table can not even be guessed against. */
    hash: Sealed;
    changed_at: Generated<Date>;
  };
  'accounts.person': {
    id: string;
    kind: string;
    /** As it was confirmed; sealed under the identity key of the person. */
    email: Sealed | null;
    /** Found at sign-in, over the whole installation. */
    email_index: BlindIndex | null;
    locale: Generated<string>;
    /** Dies with the account. Null for staff who are no customers. */
    personal_workspace_id: string | null;
    created_at: Generated<Date>;
    /** From then on nothing of this person signs in. */
    closed_at: Date | null;
  };
  'accounts.recovery_code': {
    person_id: string;
    code_hash: KeyedHash;
    created_at: Generated<Date>;
  };
  'accounts.session': {
    id: string;
    person_id: string;
    secret_hash: KeyedHash;
    /** first_factor: a second one is still asked for, and nothing else may be done. full: signed in as far as the account asks for. second_factor: with a second one. */
    strength: string;
    created_at: Generated<Date>;
    /** When a credential was last presented, for acts that want that to be recent. */
    authenticated_at: Generated<Date>;
    /** Exact to a sixth of the idle time, at most ten minutes. */
    last_seen_at: Generated<Date>;
    idle_seconds: number;
    expires_at: Date;
    ended_at: Date | null;
  };
  'accounts.sign_up': {
    id: string;
    email: Sealed;
    password_hash: Sealed;
    secret_hash: KeyedHash;
    locale: string;
    policy_hash: Buffer;
    acceptance: string;
    created_at: Generated<Date>;
    expires_at: Date;
  };
  'accounts.spent_challenge': {
    id: string;
    expires_at: Date;
  };
  'accounts.staff_grant': {
    person_id: string;
    role: string;
    granted_at: Generated<Date>;
  };
  'accounts.totp': {
    person_id: string;
    /** Sealed under the identity key of the person. */
    secret: Sealed;
    created_at: Generated<Date>;
    /** Null until a code has shown that the app holds the secret: until then it is not asked for. */
    confirmed_at: Date | null;
    /** The step of 30 seconds whose code was used last; it and all before it are used up. */
    last_used_step: bigint | null;
  };
  'accounts.workspace': {
    id: string;
    kind: string;
    /** Sealed under the identity key of the workspace: a personal one is often named after its person. Null where the policy holds no names. */
    name: Sealed | null;
    /** The one currency of its balance (ISO 4217); never changes. */
    currency: string;
    created_at: Generated<Date>;
    /** From then on none of its keys works. */
    closed_at: Date | null;
    /** Day (UTC) of the last use of a key or top-up; written at most once a day. */
    last_active_on: Generated<string>;
  };
  'carriers.bind_lease': {
    connector_id: string;
    slot: number;
    /** The process that holds the slot, an id it drew at its start; null when it was given back. */
    token: string | null;
    epoch: Generated<bigint>;
    expires_at: Date;
  };
  'carriers.connector': {
    id: string;
    name: string;
    enabled: Generated<boolean>;
    /** Grows with every change; running processes reload a connector whose version differs. */
    version: Generated<bigint>;
    /** A host of the recipient kind carrier: the only hosts SMPP sockets are opened to. */
    host: string;
    port: number;
    /** off; verify against the public authorities or tls_ca; pinned to the certificates of tls_ca alone. */
    tls: Generated<string>;
    /** Certificates in PEM. */
    tls_ca: string | null;
    /** The name the certificate must carry; host when null. */
    tls_server_name: string | null;
    system_id: string;
    /** Sealed under the operator key; null for an empty password. */
    password: Sealed | null;
    system_type: Generated<string>;
    bind_mode: Generated<string>;
    /** Sessions over all processes together; pairs of sessions where bind_mode is tx_rx. */
    binds: Generated<number>;
    /** Unanswered submissions per bind, as agreed with the carrier. */
    window_size: Generated<number>;
    /** Part of each window that only one-time codes may use. */
    otp_window_reserve: Generated<number>;
    /** Over all binds of one process; null: no limit but the window. */
    parts_per_second: number | null;
    /** 51 is SMPP 3.3 (no optional parameters), 52 is 3.4, 80 is 5.0. */
    interface_version: Generated<number>;
    source_international_ton: Generated<number>;
    source_international_npi: Generated<number>;
    source_alphanumeric_ton: Generated<number>;
    source_alphanumeric_npi: Generated<number>;
    source_short_code_ton: Generated<number>;
    source_short_code_npi: Generated<number>;
    destination_ton: Generated<number>;
    destination_npi: Generated<number>;
    /** What the carrier reads under data_coding 0. */
    default_alphabet: Generated<string>;
    long_messages: Generated<string>;
    registered_delivery: Generated<number>;
    /** How the id in a receipt becomes the id of the submission. */
    message_ids: Generated<string>;
    /** Whether a receipt ACCEPTD ends the message. */
    accepted_is_final: Generated<boolean>;
    validity: Generated<string>;
    enquire_link_seconds: Generated<number>;
    response_timeout_seconds: Generated<number>;
    /** command_status values to be read as permanent here, whatever the standard says. */
    permanent_statuses: Generated<(number)[]>;
    temporary_statuses: Generated<(number)[]>;
    throttling_statuses: Generated<(number)[]>;
    /** How long the carrier says it keeps texts and numbers; null: not declared. */
    upstream_retention_days: number | null;
    created_at: Generated<Date>;
    changed_at: Generated<Date>;
  };
  'identity.access_window': {
    check_id: string;
    /** The person who took the check. */
    holder_id: string;
    opened_at: Date;
    ends_at: Date;
  };
  'identity.document': {
    id: string;
    check_id: string;
    kind: string;
    /** By what its octets begin and end with; never by what somebody says. */
    media_type: string;
    octets: number;
    created_at: Date;
  };
  'identity.document_chunk': {
    document_id: string;
    number: number;
    /** Sealed under the key of the check. Null is what a policy without documents allows, and written by nobody. */
    content: Sealed | null;
  };
  'identity.identity_check': {
    id: string;
    /** No foreign key: a check outlives its workspace by the moments its end takes. */
    workspace_id: string;
    kind: string;
    /** As the workspace said it: ISO 3166-1 alpha-2. */
    country: string | null;
    state: string;
    rejection: string | null;
    documents_count: number;
    created_at: Date;
    submitted_at: Date | null;
    /** A UUIDv7 of the submission: the order in which staff see what waits. */
    place_in_line: string | null;
    decided_at: Date | null;
    /** When it was withdrawn, or had waited too long. */
    ended_at: Date | null;
    /** When the key of its documents was destroyed. */
    documents_ended_at: Date | null;
    /** Its workspace is erased: it goes with the next run of retention. */
    workspace_ended_at: Date | null;
  };
  'ledger.carried': {
    only_row: Generated<boolean>;
    /** The youngest transaction that was carried forward; older ones may stand under a legal hold. */
    up_to: Generated<string>;
  };
  'ledger.entry': {
    transaction_id: string;
    /** Null: an account of the platform. */
    workspace_id: string | null;
    account: 'available' | 'held' | 'bonus' | 'deposits' | 'revenue' | 'bonus_granted' | 'adjustments';
    currency: string;
    /** Micros added to the account; negative takes away. */
    amount: bigint;
  };
  'ledger.expiry_sweep': {
    id: Generated<boolean>;
    swept_until: Date;
  };
  'ledger.hold': {
    id: string;
    workspace_id: string;
    amount: bigint;
    /** Micros of the amount that came from the bonus; what is not captured returns there. */
    from_bonus: bigint;
    captured: Generated<bigint>;
    expires_at: Date;
    /** Transaction that moved the amount to held, shared by the holds of one batch; null for a hold of nothing. */
    opened_by: string | null;
    /** Transaction that captured, released or expired it. */
    resolved_by: string | null;
    state: Generated<'open' | 'captured' | 'released' | 'expired'>;
  };
  'ledger.opening_balance': {
    /** Null: an account of the platform, or what is left of wallets that ended. */
    workspace_id: string | null;
    account: 'available' | 'held' | 'bonus' | 'deposits' | 'revenue' | 'bonus_granted' | 'adjustments';
    currency: string;
    amount: bigint;
  };
  'ledger.posting_key': {
    /** The workspace, or the nil UUID for postings between accounts of the platform. */
    scope: string;
    /** Made of ids only. */
    key: string;
    transaction_id: string;
    /** SHA-256 of what was asked for. */
    request_digest: Buffer;
  };
  'ledger.transaction': {
    id: string;
    kind: 'top_up' | 'bonus' | 'adjustment' | 'refund' | 'reversal' | 'hold' | 'capture' | 'release' | 'expire';
    /** Whose wallet it moves; null when it moves the platform's accounts only. */
    workspace_id: string | null;
    reverses: string | null;
    /** A code, never free text. */
    reason: string | null;
    /** Id of what it was for: a payment, a ticket. */
    reference: string | null;
    created_at: Date;
  };
  'ledger.wallet': {
    workspace_id: string;
    currency: string;
    /** Micros. Below zero it is credit drawn, down to -credit_limit. */
    available: Generated<bigint>;
    /** Micros. The sum of the open holds. */
    held: Generated<bigint>;
    /** Micros given away by the platform; spent first. */
    bonus: Generated<bigint>;
    /** Micros. */
    credit_limit: Generated<bigint>;
    created_at: Generated<Date>;
    /** When its workspace was erased: it ends with its last transaction. */
    closed_at: Date | null;
  };
  'mail.arrival': {
    /** Of whom it came from, whom it was for, its Message-ID and Date, and what it said. */
    hash: KeyedHash;
    arrived_at: Generated<Date>;
  };
  'mail.outbox': {
    id: string;
    /** Whose mail it is; its identity key seals what the mail holds. No foreign key: accounts stand above. */
    workspace_id: string | null;
    /** The same for a person. */
    person_id: string | null;
    template: string;
    locale: string;
    purpose: string;
    /** Sealed under the identity key of the subject; null once nothing waits for it. */
    address: Sealed | null;
    /** What the template is filled with, links that open a door included. Sealed like the address, null like it. */
    params: Sealed | null;
    state: Generated<string>;
    attempts: Generated<number>;
    /** The last answer of the mail server (RFC 5321 §4.2); null while it gave none. */
    answer: number | null;
    created_at: Generated<Date>;
    /** From then on it is of no use and is not sent. */
    expires_at: Date;
    ended_at: Date | null;
    /** A case that came by mail: its sender, who has no account. The identity key is that of the case and dies with it. */
    ticket_id: string | null;
  };
  'messages.content_late': {
    message_id: string;
    workspace_id: string;
    /** When the message's life ended, or ends at the latest: what the limit counts from. */
    ended_at: Date;
    held: Generated<boolean>;
  };
  'messages.content_mark': {
    only_row: Generated<boolean>;
    below: Generated<string>;
    /** The event the policy counted from when it was set; another one begins anew. */
    counted_from: Generated<string>;
  };
  'messages.message': {
    /** UUIDv7; its time is the partition key and the day of its content key. */
    id: string;
    workspace_id: string;
    class: 'otp' | 'transactional' | 'marketing';
    /** E.164 number, sealed under the content key of workspace and day. */
    recipient: Sealed | null;
    recipient_index: BlindIndex | null;
    body: Sealed | null;
    /** The caller's reference and metadata as JSON, sealed. */
    annotations: Sealed | null;
    /** Sender asked for by the caller; null: the route decides. */
    sender: string | null;
    encoding: string;
    segments: number;
    /** Micros of the currency for each segment. */
    price_per_part: bigint;
    currency: string;
    test: boolean;
    created_at: Date;
    scheduled_at: Date | null;
    valid_until: Date;
    possible_duplicate: Generated<boolean>;
    /** How the message ended without (all) parts at a carrier. */
    closed_as: 'cancelled' | 'expired' | 'rejected' | 'tested' | null;
    closed_at: Date | null;
    close_error: string | null;
    erased_at: Date | null;
    /** Kept until its end, at the latest until then; null: kept by the day, or erased. */
    erase_by: Date | null;
  };
  'messages.parked_receipt': {
    id: string;
    connector_id: string;
    /** Spellings of the id to try, most certain first. */
    carrier_message_ids: (string)[];
    /** Sealed under the operator's key; tells the part when the answer to its submission was lost. */
    destination: Sealed | null;
    status: 'submitted' | 'unknown' | 'delivered' | 'undeliverable' | 'expired' | 'rejected' | 'cancelled';
    final: boolean;
    error_code: string | null;
    received_at: Generated<Date>;
  };
  'messages.part': {
    message_id: string;
    sequence: number;
    workspace_id: string;
    connector_id: string;
    /** The carrier's id as its response spelled it; null when no response came. */
    carrier_message_id: string | null;
    status: 'submitted' | 'unknown' | 'delivered' | 'undeliverable' | 'expired' | 'rejected' | 'cancelled';
    /** The carrier's own code: command status in hex or the receipt's err. */
    error_code: string | null;
    submitted_at: Date;
    finished_at: Date | null;
    /** Nobody knows yet whether the carrier took it. */
    undecided: GeneratedAlways<boolean | null>;
  };
  'messages.price': {
    id: string;
    /** Leading digits of the destination without +; empty for everywhere. */
    prefix: string;
    class: 'otp' | 'transactional' | 'marketing' | null;
    currency: string;
    /** Micros charged for each segment. */
    per_part: bigint;
    /** Micros the carrier charges us, for margins; null when unknown. */
    cost_per_part: bigint | null;
    created_at: Generated<Date>;
  };
  'messages.queue': {
    message_id: string;
    sequence: number;
    workspace_id: string;
    /** 0 one-time codes, 1 transactional, 2 marketing; lower goes first. */
    lane: number;
    connector_id: string;
    due_at: Date;
    valid_until: Date;
    sender_token: string | null;
    epoch: Generated<number>;
    attempts: Generated<number>;
    /** Connectors that refused it for good. */
    tried: (string)[] | null;
    /** It was handed over once with unknown outcome and queued again. */
    resent: Generated<boolean>;
  };
  'messages.route': {
    id: string;
    prefix: string;
    class: 'otp' | 'transactional' | 'marketing' | null;
    connector_id: string;
    /** Lower is tried first; higher ranks are the failover. */
    rank: Generated<number>;
    weight: Generated<number>;
    /** Sender used when the caller names none. */
    sender: string | null;
    created_at: Generated<Date>;
  };
  'messages.sender': {
    token: string;
    expires_at: Date;
    started_at: Generated<Date>;
  };
  'messages.tariff_version': {
    only_row: Generated<boolean>;
    version: Generated<bigint>;
  };
  'numbers.assignment': {
    id: string;
    number_id: string;
    workspace_id: string;
    /** When texts to the number are the workspace's, cooling included; open-ended while it has it. */
    during: string;
    /** From then on the number cools: late texts still go to the workspace. */
    taken_back_at: Date | null;
  };
  'numbers.assignment_home': {
    assignment_id: string;
    token: string;
    epoch: Generated<bigint>;
  };
  'numbers.home': {
    /** Drawn at the start, and again whenever the lease was lost. */
    token: string;
    /** Host and port of its relay. */
    address: string;
    /** Texts in its memory that nobody has read: lost when it ends. */
    texts_held: Generated<number>;
    expires_at: Date;
    started_at: Generated<Date>;
  };
  'numbers.inbound': {
    id: string;
    workspace_id: string;
    number_id: string;
    /** Who wrote. Sealed under the inbound content key of the workspace and the day of the id. */
    sender: Sealed | null;
    sender_index: BlindIndex | null;
    /** text in UTF-8, or octets of a binary or unknown coding. */
    form: string;
    /** Sealed as the sender is. */
    content: Sealed | null;
    /** Parts that arrived. */
    segments: number;
    /** False when parts of a long text did not arrive in time. */
    complete: boolean;
    /** When the last part was stored. */
    received_at: Date;
    /** The set its parts came in, erased together with it; null for a text of one part. */
    set_id: string | null;
    /** Kept until it was read: soon after the first reading, at the latest then. Null: kept by the day, or erased. */
    erase_by: Date | null;
    /** Since when sender and content are gone. */
    erased_at: Date | null;
  };
  'numbers.inbound_part': {
    set_id: string;
    sequence: number;
    /** Text in UTF-16LE (a surrogate pair may be cut between parts) or octets; sealed as the sender of its set is. */
    content: Sealed;
  };
  'numbers.inbound_set': {
    id: string;
    workspace_id: string;
    number_id: string;
    /** Index of connector, sender, destination, reference, its width and total: what ties parts together (3GPP TS 23.040 §9.2.3.24). */
    set_index: BlindIndex;
    /** Sealed under the inbound content key of the workspace and the day of the id. */
    sender: Sealed;
    sender_index: BlindIndex;
    form: string;
    total: number;
    opened_at: Date;
    /** When it became a text, whole or not. */
    closed_at: Date | null;
  };
  'numbers.memory_loss': {
    only_row: Generated<boolean>;
    texts: Generated<bigint>;
    last_at: Date | null;
  };
  'numbers.number': {
    id: string;
    e164: string;
    /** The connector its texts come in by; texts for it from elsewhere are refused. */
    connector_id: string;
    /** Whether it may also stand as sender. */
    capability: Generated<string>;
    /** End of cooling and rest after its last assignment: nobody gets it before. */
    quarantined_until: Date | null;
    retired_at: Date | null;
    created_at: Generated<Date>;
  };
  'payments.auto_top_up': {
    workspace_id: string;
    status: string;
    /** Micros of the workspace's currency, as all three. */
    threshold: bigint;
    amount: bigint;
    monthly_cap: bigint;
    /** In a row, of the card in use. */
    declines: Generated<number>;
    stopped_by: string | null;
    /** It stopped, and nobody was written to yet. */
    untold: Generated<boolean>;
    /** When its balance is looked at next. */
    look_at: Generated<Date>;
    changed_at: Generated<Date>;
  };
  'payments.balance_watch': {
    workspace_id: string;
    /** Micros of the workspace's currency. */
    threshold: bigint;
    /** A notice goes out when the balance is next found low; not again before it was well above. */
    armed: Generated<boolean>;
    looked_at: Generated<Date>;
    changed_at: Generated<Date>;
  };
  'payments.bank_transfer': {
    /** Also of the payment it becomes. */
    id: string;
    workspace_id: string;
    state: Generated<string>;
    amount: bigint;
    currency: string;
    /** What the bank calls it; one that is not rejected is entered once. */
    reference: string;
    /** The person signed in, or who made the key. */
    entered_by_person: string | null;
    /** The key that was used, or the one it descends from; null for a session. */
    entered_by_key: string | null;
    decided_by_person: string | null;
    decided_by_key: string | null;
    created_at: Generated<Date>;
    decided_at: Date | null;
  };
  'payments.billing_details': {
    workspace_id: string;
    /** Legal name, address, country and tax id as JSON, sealed under the billing key. */
    details: Sealed;
    updated_at: Generated<Date>;
  };
  'payments.confirmation': {
    id: string;
    workspace_id: string;
    act: string;
    product_id: string;
    /** Of the purchase at Google Play; without its confirmation the store returns the money after three days. */
    token: string;
    created_at: Generated<Date>;
  };
  'payments.early_fact': {
    provider: string;
    settlement_id: string;
    external_id: string;
    kind: string;
    /** Micros; null for all of it. */
    amount: bigint | null;
    /** Where it is known: its payment waits for a person. */
    payment_id: string | null;
    received_at: Generated<Date>;
  };
  'payments.exchange_rate': {
    id: string;
    base: string;
    quote: string;
    /** Units of quote for one of base, in thousand millionths. */
    rate: bigint;
    valid_from: Date;
    created_at: Generated<Date>;
  };
  'payments.instrument': {
    /** Also names the page at the provider, so that asking twice begins one. */
    id: string;
    workspace_id: string;
    state: Generated<string>;
    /** Of the page at the provider. */
    external_id: string | null;
    /** What the provider calls who pays: it can be charged by us alone. */
    customer_id: string | null;
    /** What the provider calls the card. */
    method_id: string | null;
    /** MAC of the Idempotency-Key it was asked for with. */
    request_key: Buffer | null;
    request_digest: Buffer | null;
    created_at: Generated<Date>;
    dropped_at: Date | null;
  };
  'payments.invoice': {
    id: string;
    workspace_id: string;
    kind: string;
    series: string;
    year: number;
    sequence: number;
    /** Invoices may be kept longer than the payments they are for. */
    payment_id: string;
    corrects: string | null;
    issued_at: Date;
    /** When the money came, or went back. */
    supplied_at: Date;
    seller_name: string;
    seller_address: string;
    seller_country: string;
    seller_tax_id: string | null;
    /** As payments.billing_details stood at issue, sealed anew for this row. */
    buyer: Sealed | null;
    currency: string;
    /** Micros, tax included. */
    total: bigint;
    /** Micros of it that are tax, in whole smallest units of the currency. */
    tax: bigint;
    /** In millionths. */
    tax_rate: number;
    reverse_charge: boolean;
  };
  'payments.invoice_series': {
    series: string;
    /** In UTC. Numbers begin anew with each. */
    year: Generated<number>;
    last_number: Generated<number>;
  };
  'payments.notice': {
    id: string;
    feed: string;
    notice_id: string;
    payment_id: string | null;
    outcome: string;
    received_at: Generated<Date>;
  };
  'payments.payment': {
    id: string;
    workspace_id: string;
    provider: string;
    status: Generated<string>;
    /** That of the workspace. */
    currency: string;
    /** Micros; null for a purchase in a store, which nobody asked here for. */
    asked: bigint | null;
    /** Micros that arrived, in paid_currency. */
    paid: bigint | null;
    paid_currency: string | null;
    /** Micros booked to the workspace. */
    credited: Generated<bigint>;
    /** Micros of it that left the balance again, by refund or dispute. */
    taken_back: Generated<bigint>;
    /** Micros of it that the provider took back and the workspace had spent: a claim. */
    lost: Generated<bigint>;
    /** Of the checkout or invoice at the provider. */
    external_id: string | null;
    /** Of the movement of money there: refunds and disputes name this one. */
    settlement_id: string | null;
    checkout_url: string | null;
    /** MAC of the Idempotency-Key it was asked for with. */
    request_key: Buffer | null;
    request_digest: Buffer | null;
    created_at: Generated<Date>;
    paid_at: Date | null;
    /** Micros that a first person said it is worth, where it takes two. */
    approved: bigint | null;
    /** Who that was: the person signed in, or who made the key. */
    approved_by_person: string | null;
    /** The key that was used, or the one it descends from; null for a session. */
    approved_by_key: string | null;
    rate_base: string | null;
    rate_quote: string | null;
    rate: bigint | null;
    rate_from: Date | null;
    /** Of an automatic payment: the stored card. Null where a person paid on a page. */
    instrument_id: string | null;
    /** Why an automatic payment failed. */
    failed_because: string | null;
  };
  'payments.plan': {
    id: string;
    key: string;
    version: number;
    name: string;
    currency: string;
    /** Micros a month. */
    price: bigint;
    /** Micros of bonus a month. */
    credit: bigint;
    /** How many members it allows; null: it says nothing of them. So does keys_max of API keys. */
    members_max: number | null;
    keys_max: number | null;
    /** Subscriptions to these products of the app stores allow the same. */
    store_products: Generated<(string)[]>;
    /** From then on nobody subscribes to it; who has it keeps it. */
    retired_at: Date | null;
    created_at: Generated<Date>;
  };
  'payments.plan_subscription': {
    id: string;
    workspace_id: string;
    plan_id: string;
    /** What it becomes with the next period; null: it stays. */
    next_plan_id: string | null;
    state: string;
    /** When the first period began: all are counted in months from here. */
    anchor_at: Date;
    /** Which one is paid for: 0 is the first. */
    period: Generated<number>;
    period_start: Date;
    period_end: Date;
    /** Micros this period has cost. */
    paid: bigint;
    /** Micros of bonus this period has given. */
    credited: bigint;
    /** The largest monthly credit of a plan this period was given for. */
    credit_level: bigint;
    /** Changes that took effect at once, for their keys in the books. */
    changes: Generated<number>;
    cancelled_at: Date | null;
    ends_at: Date | null;
    grace_until: Date | null;
    /** When something is due next. */
    look_at: Date;
    end_reason: string | null;
    ended_at: Date | null;
    changed_at: Date;
  };
  'payments.promo_code': {
    id: string;
    /** Keyed hash of the code; the code is shown once and kept nowhere. */
    code_hash: Buffer;
    /** Its last characters, so that the operator knows it again. */
    hint: string;
    amount: bigint;
    currency: string;
    uses_max: number;
    uses_per_workspace: number;
    first_top_up_only: boolean;
    uses: Generated<number>;
    expires_at: Date | null;
    ended_at: Date | null;
    created_at: Generated<Date>;
  };
  'payments.redemption': {
    id: string;
    promo_code_id: string;
    workspace_id: string;
    amount: bigint;
    created_at: Generated<Date>;
  };
  'payments.referral': {
    id: string;
    referred_workspace_id: string;
    referrer_workspace_id: string;
    state: Generated<string>;
    /** The first payment of the referred, once the bonus was given for it. */
    payment_id: string | null;
    referred_bonus: Generated<bigint>;
    referrer_bonus: Generated<bigint>;
    /** When it is looked at next. */
    look_at: Date;
    created_at: Generated<Date>;
  };
  'payments.referral_code': {
    workspace_id: string;
    /** Random; says nothing of whose it is. */
    code: string;
    created_at: Generated<Date>;
  };
  'payments.subscription': {
    id: string;
    workspace_id: string;
    provider: string;
    /** Of its first transaction in the store. */
    original_id: string;
    product_id: string;
    /** cancelled: runs until expires_at and does not renew; grace: a payment failed and the store still tries. */
    state: string;
    expires_at: Date | null;
    /** When the store said so: what is older changes nothing. */
    as_of: Date;
    created_at: Generated<Date>;
  };
  'payments.takeback': {
    id: string;
    payment_id: string;
    kind: string;
    origin: string;
    /** requested: of the provider, by an operator; standing: a dispute that is open; given_back: a dispute won, or a refund refused. */
    state: string;
    external_id: string | null;
    /** Micros the provider moved. */
    amount: bigint;
    /** Micros that left the balance. */
    taken: bigint;
    /** Micros that the balance no longer had. */
    lost: bigint;
    created_at: Generated<Date>;
  };
  'platform.idempotency': {
    id: string;
    /** The workspace (or platform principal) whose keys these are. */
    scope: string;
    key_mac: Buffer;
    request_mac: Buffer;
    /** HTTP status of the answer; null while undecided. */
    status: number | null;
    /** Sealed; what is needed to answer the same request again. */
    answer: Sealed | null;
  };
  'platform.job': {
    id: string;
    name: string;
    key: string | null;
    /** Ids only, validated by the handler. */
    payload: Json;
    due_at: Date;
    attempts: Generated<number>;
    attempts_max: number;
    lease_token: string | null;
    lease_epoch: Generated<bigint>;
    /** Asked for again under its key while it ran: it runs once more after this run. */
    rerun_at: Date | null;
    dead_at: Date | null;
    /** Error code or class, never a text that could quote data. */
    last_error: string | null;
    created_at: Generated<Date>;
  };
  'platform.outbox': {
    id: string;
    name: string;
    /** Ids only. */
    payload: Json;
    created_at: Generated<Date>;
  };
  'platform.partitioned': {
    parent: string;
    every: Generated<string>;
    /** Storage parameters of each partition; a partitioned parent can carry none. */
    storage: Generated<string>;
    /** True: drop_partitions refuses, a function of its own drops what may go. */
    is_protected: Generated<boolean>;
  };
  'privacy.acceptance': {
    workspace_id: string;
    policy_hash: Buffer;
    mode: string;
    accepted_at: Generated<Date>;
  };
  'privacy.age_attestation': {
    workspace_id: string;
    is_of_age: boolean;
    attested_at: Generated<Date>;
  };
  'privacy.audit_chain': {
    id: Generated<boolean>;
    epoch: Generated<bigint>;
    segment: Generated<number>;
    seq: Generated<bigint>;
    head_hash: Generated<Buffer>;
  };
  'privacy.audit_entry': {
    id: string;
    /** Of a closed catalogue. */
    action: string;
    outcome: string;
    actor_kind: string;
    /** Pseudonym of the key that acted; null for the platform itself and for the operator on the machine. */
    actor: KeyedHash | null;
    object_kind: string | null;
    /** Pseudonym of what was acted on. */
    object: KeyedHash | null;
    /** How many, where the action counts. */
    affected: number | null;
    /** The request it was done in. */
    request: string | null;
    /** Sealed ids; unreadable once the identity key of its workspace is destroyed. */
    payload: Sealed | null;
    /** SHA-256 of the sealed payload: chained in its place, so that the chain holds without the key. */
    payload_hash: Buffer | null;
    recorded_at: Generated<Date>;
  };
  'privacy.audit_link': {
    entry_id: string;
    segment: number;
    seq: bigint;
    /** SHA-256 of the hash before it, its place and the entry in canonical form. */
    hash: Buffer;
  };
  'privacy.audit_pending': {
    entry_id: string;
  };
  'privacy.audit_pruning': {
    segment: number;
    pruned_at: Date;
    key_epoch: number;
    signature: Buffer;
  };
  'privacy.audit_segment': {
    segment: number;
    /** YYYYMM in UTC, of the entries' ids. */
    month: number;
    first_seq: bigint;
    last_seq: bigint;
    start_hash: Buffer;
    head_hash: Buffer;
    signed_at: Date;
    key_epoch: number;
    signature: Buffer;
  };
  'privacy.consent_life': {
    record_id: string;
    /** The first record of the same subject and purpose. */
    first_id: string;
    /** Withdrawn, expired (may lie ahead) or answered by a newer one; null: it is the last word and stands. */
    ended_at: Date | null;
  };
  'privacy.consent_record': {
    id: string;
    /** In whose ledger it is: for its own consent, and for that of its recipients. */
    workspace_id: string;
    subject_kind: string;
    /** Pseudonym of who decided. Of a recipient it is the index of the number that suppressions use. */
    subject: BlindIndex;
    purpose: string;
    decision: string;
    method: string;
    /** SHA-256 of the policy version that was shown. */
    policy_hash: Buffer | null;
    withdraws: string | null;
    decided_at: Date;
    /** From then on it has to be asked again. */
    expires_at: Date | null;
    recorded_at: Generated<Date>;
    /** The newest record of the subject and purpose before it, under whatever epoch of the index; it may be gone. */
    answers: string | null;
  };
  'privacy.ended_key': {
    key_class: string;
    workspace_id: string;
    day: string;
  };
  'privacy.ended_workspace': {
    workspace_id: string;
    ended_at: Generated<Date>;
  };
  'privacy.legal_hold': {
    id: string;
    workspace_id: string;
    /** A code, never free text. */
    reason: string;
    placed_at: Generated<Date>;
    lifted_at: Date | null;
  };
  'privacy.objection': {
    id: string;
    subject_kind: string;
    subject_id: string;
    purpose: string;
    since: Generated<Date>;
    until: Date | null;
    /** Withdrawn by the subject, overruled by compelling grounds (Art. 21(1)), against marketing there are none (Art. 21(3)), or over because the subject's account was erased. */
    ended_as: string | null;
  };
  'privacy.policy_version': {
    id: string;
    /** Of the canonical form: what acceptances and evidence name a policy by. */
    hash: string;
    name: string;
    version: string;
    effective: string;
    /** The canonical form. */
    canonical: string;
    /** It changed what people have to be told before it takes effect. */
    material: boolean;
    published_at: Generated<Date>;
  };
  'privacy.restriction': {
    id: string;
    subject_kind: string;
    subject_id: string;
    /** The ground of GDPR Art. 18(1), (a) to (d) in this order. */
    reason: string;
    since: Generated<Date>;
    /** When it was lifted; null while it is open. */
    until: Date | null;
  };
  'privacy.suppression': {
    id: string;
    /** Whose messages it stops; null: everybody's. */
    workspace_id: string | null;
    /** Compares over the installation, so that a stop is honoured whoever asks. */
    number_index: BlindIndex;
    /** stop: the recipient answered STOP; objection: to marketing (GDPR Art. 21(2)); complaint: about abuse; operator_block: by the operator. */
    kind: string;
    covers: string;
    /** Who told us. */
    source: string;
    created_at: Generated<Date>;
  };
  'support.access_window': {
    ticket_id: string;
    /** The administrator's key that took the ticket. */
    holder_id: string;
    opened_at: Date;
    ends_at: Date;
  };
  'support.message': {
    id: string;
    ticket_id: string;
    author: string;
    /** phone: a note of a call, written down by staff. */
    channel: string;
    /** Sealed under the key of the ticket. */
    body: Sealed;
    created_at: Date;
  };
  'support.ticket': {
    id: string;
    /** Whose it is; null for a mail, whose sender proves nothing. No foreign key: a ticket outlives its workspace by the moments its end takes. */
    workspace_id: string | null;
    channel: string;
    topic: string;
    state: string;
    /** Sealed under the key of the ticket. */
    subject: Sealed;
    /** Where a mail is answered to: sealed under an identity key of the ticket's own, destroyed when the case closes. */
    sender: Sealed | null;
    messages_count: number;
    created_at: Date;
    first_reply: string;
    /** By the promise of the policy and the calendar of the operator, decided when it was opened. */
    first_reply_due_at: Date;
    first_replied_at: Date | null;
    /** When staff owe the next answer; null while they owe none. */
    reply_due_at: Date | null;
    /** A UUID that begins with reply_due_at in milliseconds: the order in which staff see what waits. */
    place_in_line: string | null;
    last_message_at: Date;
    closed_at: Date | null;
    /** Its workspace is erased: it goes with the next run of retention. */
    workspace_ended_at: Date | null;
  };
  'telemetry.error_report': {
    /** UUIDv7 of the start of the day; the rest follows from the fingerprint. */
    id: string;
    day: string;
    /** Hash of classes, codes, files and functions: what is the same fault. */
    fingerprint: string;
    /** Of a closed list. The message is not kept. */
    class: string;
    /** SQLSTATE, system code or code of the catalogue, of closed lists. */
    code: string | null;
    /** file:line function, innermost first, of our own files alone. */
    frames: (string)[];
    /** Classes and codes of what caused it. */
    causes: (string)[];
    times: bigint;
  };
  'telemetry.usage_count': {
    /** UUIDv7 of the start of the day; the rest follows from kind and name. */
    id: string;
    day: string;
    kind: string;
    /** Of a closed list: an operation, the template of a path, a browser and its major version. */
    name: string;
    /** How often; only of groups in which enough people are. */
    uses: bigint;
  };
}
