// What inference must give. These fail in `tsc`, not when they run; the run only shows that nothing is missing.
import { test } from 'node:test';
import type { Id } from './ids.ts';
import type { cancelMessage, deleteMessage, getMessage, listMessages, sendMessage } from './messages.ts';
import type { AnswerOf, BodyInput, BodyOf, ParamsOf, QueryInput, QueryOf } from './operation.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>(): void => undefined;

test('operations infer what callers write, what the server reads and what is answered', () => {
  // The caller may leave the class out; the server always has one.
  holds<Equal<BodyInput<typeof sendMessage>['class'], 'otp' | 'transactional' | 'marketing' | undefined>>();
  holds<Equal<BodyOf<typeof sendMessage>['class'], 'otp' | 'transactional' | 'marketing'>>();
  holds<Equal<BodyOf<typeof sendMessage>['to'], string>>();
  // An id is text to the caller and a typed id to the server.
  holds<Equal<ParamsOf<typeof getMessage>, { id: Id<'msg'> }>>();
  // A limit is a number on both sides, whatever the query string carries.
  holds<Equal<QueryOf<typeof listMessages>['limit'], number>>();
  holds<Equal<QueryInput<typeof listMessages>['limit'], number | undefined>>();
  // Answers are those of success only.
  holds<Equal<AnswerOf<typeof sendMessage>['id'], Id<'msg'>>>();
  holds<Equal<AnswerOf<typeof cancelMessage>['possible_duplicate'], boolean>>();
  holds<Equal<AnswerOf<typeof deleteMessage>, undefined>>();
});

test('an id of one kind is not an id of another', () => {
  const message = 'msg_01jd3rh8e7fv2r0kqvw4m9xt5c' satisfies Id<'msg'>;
  // @ts-expect-error a message is not a workspace
  const workspace: Id<'wrk'> = message;
  void workspace;
});

test('a body with a field that does not exist does not compile', () => {
  const body: BodyInput<typeof sendMessage> = {
    to: '+4915123456789',
    text: 'Hello',
    // @ts-expect-error there is no priority; the class decides
    priority: 1,
  };
  void body;
});
