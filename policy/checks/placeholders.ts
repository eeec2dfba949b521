// E-PLACEHOLDER: profiles name nobody. Production needs real names, addresses, contacts, contracts and countries.
import type { Policy } from '../model.ts';
import { type Finding, refuse } from './finding.ts';

const MARK = 'PLACEHOLDER';

/** Every place that still has a placeholder. Development runs with them, production does not start. */
export function placeholders(policy: Policy): readonly Finding[] {
  const found: Finding[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value === 'string') {
      if (value.includes(MARK)) found.push(open(path, 'is a placeholder'));
    } else if (Array.isArray(value)) {
      value.forEach((item, at) => {
        visit(item, `${path}[${at}]`);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) visit(member, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(policy, '');
  for (const [key, recipient] of Object.entries(policy.recipients)) {
    // Customers choose where their endpoints are; everybody else is somewhere.
    if (recipient.country === 'XX' && recipient.hosts !== 'customer_endpoints') {
      found.push(open(`recipients.${key}.country`, 'names no country'));
    }
  }
  return found;
}

const open = (path: string, what: string): Finding =>
  refuse('E-PLACEHOLDER', path, `"${path}" ${what}.`, 'Write what is true for your service.');
