// Every route of support: for workspaces, and for staff.
import type { Route } from '#platform/route';
import { staffRoutes } from './staff-routes.ts';
import { type TicketRoutesOptions, ticketRoutes } from './ticket-routes.ts';

export const supportRoutes = (options: TicketRoutesOptions): readonly Route[] => [
  ...ticketRoutes(options),
  ...staffRoutes(options),
];
