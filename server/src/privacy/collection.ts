// What may be taken in at all. A category that the policy in force does not list, or promises never, is refused where
// it would enter; the guards of the database stand behind that.
import { CATEGORIES } from '@sotto/policy/vocabulary/categories';
import { AppError } from '#platform/errors';
import type { Category } from './map/categories.ts';

/** Whether the policy in force holds a category. */
export type Holds = (category: Category) => boolean;

/** For what runs under no policy: tests, and commands that look and store nothing. */
export const HOLDS_ALL: Holds = () => true;

/** Throws AppError `feature_off` when a field would bring in what the policy does not hold. */
export function refuseUnlessHeld(holds: Holds, category: Category, field: string): void {
  if (holds(category)) return;
  throw new AppError('feature_off', {
    field,
    detail: `The privacy policy of this platform does not hold this: ${CATEGORIES[category].means}.`,
  });
}
