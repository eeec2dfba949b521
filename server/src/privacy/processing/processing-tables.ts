// What restrictions and objections keep about whom: that somebody asked not to be processed, since when and on which ground.
import { clear, operations } from '../map/tags.ts';

/** Whom a request is about, and when it held: proof that it was honoured (GDPR Art. 5(2)). */
const asked = clear({
  category: 'user.unique_id.pseudonymous',
  purposes: ['legal'],
  basis: 'legal_obligation',
  retention: 'subject_request',
  dispose: 'erase',
});

/** What was asked for. */
const wish = clear({
  category: 'user.privacy_preferences',
  purposes: ['legal', 'suppression'],
  basis: 'legal_obligation',
  retention: 'subject_request',
  dispose: 'erase',
});

const about = [
  { column: 'subject_id', leadsTo: 'workspace' },
  { column: 'subject_id', leadsTo: 'person' },
] as const;

/** Their part of the data map. */
export const processingTables = {
  restriction: {
    about,
    columns: {
      id: operations,
      subject_kind: operations,
      subject_id: asked,
      reason: wish,
      since: asked,
      until: asked,
    },
  },
  objection: {
    about,
    columns: {
      id: operations,
      subject_kind: operations,
      subject_id: asked,
      purpose: wish,
      since: asked,
      until: asked,
      ended_as: wish,
    },
  },
} as const;
