-- The domains by which a column says how it is protected. The generated table types carry them as brands, and a
-- brand decides which tag a steward may give the column, so protection cannot be forgotten or contradicted.
-- A domain is checked when a value is written; a longer or shorter one than the formats below never gets in.

create schema privacy;

grant usage on schema privacy to sotto_tenant, sotto_batch;

comment on schema privacy is 'Protection of personal data: the domains of sealed, indexed and hashed columns';

-- Version 1 | commitment 16 | nonce 12 | ciphertext | tag 16, or the single zero byte written under a destroyed key.
create domain privacy.sealed as bytea
  constraint sealed_format check (
    value = '\x00'::bytea or (octet_length(value) >= 45 and get_byte(value, 0) = 1)
  );

comment on domain privacy.sealed is 'AES-256-GCM under a data key of the key store; unreadable once that key is destroyed';

-- Epoch 1 | HMAC-SHA-256 cut to 16. Epoch 0 is noise, written for a workspace whose index key is destroyed.
create domain privacy.blind_index as bytea
  constraint blind_index_format check (octet_length(value) = 17);

comment on domain privacy.blind_index is 'Keyed look-up index of a sealed value; compares within its column and key only';

-- Epoch 1 | HMAC-SHA-256.
create domain privacy.keyed_hash as bytea
  constraint keyed_hash_format check (octet_length(value) = 33);

comment on domain privacy.keyed_hash is 'Keyed hash of a secret that is compared and never shown again';

-- The answers kept for repeated requests are older than the domain, and sealed as much as anything.
alter table platform.idempotency alter column answer type privacy.sealed;
