// Passkeys and staff as the API shows them.
import { encodeId } from '@sotto/contract';
import type { Passkey } from '@sotto/contract/account/factors';
import type { StaffMember as StaffAnswer } from '@sotto/contract/admin/staff';
import type { OwnPasskey } from './own-passkeys.ts';
import type { StaffMember } from './staff.ts';

export const presentPasskey = (passkey: OwnPasskey): Passkey => ({
  id: encodeId('psk', passkey.id),
  name: passkey.name,
  backed_up: passkey.backed_up,
  created_at: passkey.created_at.toISOString(),
  last_used_at: passkey.last_used_at?.toISOString() ?? null,
});

export const presentStaff = (member: StaffMember): StaffAnswer => ({
  account_id: encodeId('acc', member.personId),
  email: member.email,
  role: member.role,
  second_factor: member.hasFactor,
  granted_at: member.grantedAt.toISOString(),
});
