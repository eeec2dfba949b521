// Counts as requests of the Measurement Protocol of Google Analytics 4, which takes events of web streams and of app
// streams known to Firebase. What is sent is the count of a group of people, never an event of one: the client it is
// sent as is made up for each batch (web) or the operator's own installation (app), so nobody has a history there.
import { randomInt } from 'node:crypto';
import type { EgressRequest } from '#privacy/egress';
import type { UsageCount } from '../usage-tally.ts';
import type { UsageStream } from './settings.ts';

/** The protocol takes 25 events a request. */
export const EVENTS_MAX = 25;
const EVENT_NAME = 'use';
/** The protocol cuts off longer values of a parameter. */
const VALUE_LENGTH_MAX = 100;

/** One request for each 25 counts. */
export function measurementRequests(stream: UsageStream, counts: readonly UsageCount[]): EgressRequest[] {
  const requests: EgressRequest[] = [];
  for (let at = 0; at < counts.length; at += EVENTS_MAX) {
    requests.push({
      url: urlOf(stream),
      method: 'POST',
      body: {
        json: {
          ...(stream.kind === 'web'
            ? { client_id: madeUpClient() }
            : { app_instance_id: stream.appInstanceId }),
          non_personalized_ads: true,
          consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
          events: counts.slice(at, at + EVENTS_MAX).map(eventOf),
        },
      },
    });
  }
  return requests;
}

function urlOf(stream: UsageStream): string {
  const url = new URL('/mp/collect', stream.origin);
  if (stream.kind === 'web') url.searchParams.set('measurement_id', stream.measurementId);
  else url.searchParams.set('firebase_app_id', stream.firebaseAppId);
  url.searchParams.set('api_secret', stream.apiSecret);
  return url.href;
}

const eventOf = ({ kind, name, day, uses }: UsageCount) => ({
  name: EVENT_NAME,
  params: { kind, name: name.slice(0, VALUE_LENGTH_MAX), day, uses },
});

/** In the form of the protocol's own clients: two numbers. */
const madeUpClient = () => `${randomInt(1, 2 ** 31)}.${randomInt(1, 2 ** 31)}`;
