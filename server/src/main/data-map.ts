// The data map of the whole database: one steward for every schema. A schema that nobody answers for does not
// compile here. The policy gate and the erasure plan read it.
import { abuse } from '#abuse/steward';
import { accounts } from '#accounts/steward';
import { carriers } from '#carriers/steward';
import { identity } from '#identity/steward';
import { ledger } from '#ledger/steward';
import { mail } from '#mail/steward';
import { messages } from '#messages/steward';
import { numbers } from '#numbers/steward';
import { payments } from '#payments/steward';
import type { DB } from '#platform/tables';
import { completeMap } from '#privacy/data-map';
import { privacy } from '#privacy/steward';
import { support } from '#support/steward';
import { telemetry } from '#telemetry/steward';
import { platform } from './platform-steward.ts';

export const dataMap = completeMap<DB>()({
  abuse,
  accounts,
  carriers,
  identity,
  ledger,
  mail,
  messages,
  numbers,
  payments,
  platform,
  privacy,
  support,
  telemetry,
});
