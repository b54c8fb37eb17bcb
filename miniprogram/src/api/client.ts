import { problemFrom } from "@/api/problem";
import { accepted, request, type AnswerOf, type Arguments, type PathOf, type Verb } from "@/api/request";
import { consentAgain, signInAgain, tokenNow } from "@/api/session";
import type { Reply } from "@/api/transport";

/** One request with the worker's token. A token that has run out is renewed once, silently. Throws Problem. */
export function call<V extends Verb, P extends PathOf<V>>(verb: V, path: P, ...given: Arguments<V, P>): Promise<AnswerOf<V, P>> {
  return withToken<AnswerOf<V, P>>((token) => request(token, verb, path, ...given));
}

/** Do `attempt` with the token, and once more with a fresh one if the server does not take it. */
export async function withToken<A>(attempt: (token: string) => Promise<Reply>): Promise<A> {
  let reply = await attempt(await tokenNow());
  if (reply.status === 401) reply = await attempt(await signInAgain());
  if (reply.status === 403 && problemFrom(403, reply.body).code === "consent_needed") reply = await attempt(await consentAgain());
  return accepted<A>(reply);
}
