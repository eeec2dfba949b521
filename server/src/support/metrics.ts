// How support stands, in numbers about nobody.
import { counter, gauge } from '#platform/metrics';

export const firstReplies = counter({
  name: 'sotto_support_first_replies_total',
  help: 'First answers to tickets, by whether they came in the time promised',
  labels: { outcome: ['met', 'missed'] },
});

export const ticketsWaiting = gauge({
  name: 'sotto_support_waiting_count',
  help: 'Tickets that wait for staff',
});

export const ticketsOverdue = gauge({
  name: 'sotto_support_overdue_count',
  help: 'Tickets whose answer is overdue',
});
