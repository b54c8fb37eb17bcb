/** Requests that the OpenAPI document knows: a wrong pair of path, verb, body or answer does not compile. */
import { problemFrom } from "@/api/problem";
import type { paths } from "@/api/schema";
import { send, type Method, type Reply } from "@/api/transport";

export type Verb = Lowercase<Method>;

/** The paths that have this verb. */
export type PathOf<V extends Verb> = { [P in keyof paths]: paths[P] extends Record<V, object> ? P : never }[keyof paths];

type Operation<V extends Verb, P extends keyof paths> = paths[P] extends Record<V, infer O> ? O : never;

type InPath<O> = O extends { parameters: { path: infer X } } ? { path: X } : unknown;
type InQuery<O> = O extends { parameters: { query: infer X } } ? { query: X }
  : O extends { parameters: { query?: infer X } } ? ([NonNullable<X>] extends [never] ? unknown : { query?: X }) : unknown;
type InBody<O> = O extends { requestBody?: infer R }
  ? (NonNullable<R> extends { content: { "application/json": infer X } } ? Body<NonNullable<R>, X> : unknown)
  : unknown;
type Body<R, X> = [R] extends [never] ? unknown : { body: X };

/** What goes along: the values in the path, the query, the body. Whatever the document does not name is refused. */
type Given<O> = InPath<O> & InQuery<O> & InBody<O>;
type Strictly<G> = { path?: never; query?: never; body?: never } extends infer None ? Omit<None, keyof G> & G : never;
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- asks whether nothing has to be given
export type Arguments<V extends Verb, P extends keyof paths> = {} extends Given<Operation<V, P>>
  ? [given?: Strictly<Given<Operation<V, P>>>]
  : [given: Strictly<Given<Operation<V, P>>>];

type Success = 200 | 201 | 202;
type Json<R> = R extends { content: { "application/json": infer X } } ? (unknown extends X ? never : X) : never;
type Answers<R> = { [S in keyof R & Success]: Json<R[S]> }[keyof R & Success];

/** What the document promises for a success. */
export type AnswerOf<V extends Verb, P extends keyof paths> = Operation<V, P> extends { responses: infer R } ? OrNull<Answers<R>> : never;
type OrNull<X> = [X] extends [never] ? null : X; // of a success without content

interface Values {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | null | undefined>;
  body?: object;
}

/** The path with its values in place, and `?a=1&b=2` of what is given; empty values are left out. */
export function addressOf<V extends Verb, P extends PathOf<V>>(_verb: V, path: P, ...[given]: Arguments<V, P>): string {
  const { path: inPath = {}, query = {} } = (given ?? {}) as Values;
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(String(inPath[name])));
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return filled + (pairs.length ? "?" : "") + pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join("&");
}

/** One request with that token or none, and whatever was answered. Throws Problem if nothing was. */
export function request<V extends Verb, P extends PathOf<V>>(token: string | null, verb: V, path: P, ...given: Arguments<V, P>): Promise<Reply> {
  const { body } = (given[0] ?? {}) as Values;
  return send(verb.toUpperCase() as Method, addressOf(verb, path, ...given), body, token);
}

/** The same of what is open to everybody: a token is neither needed nor sent. Throws Problem. */
export async function callOpenly<V extends Verb, P extends PathOf<V>>(verb: V, path: P, ...given: Arguments<V, P>): Promise<AnswerOf<V, P>> {
  return accepted(await request(null, verb, path, ...given));
}

/** The body of a success. Throws Problem for everything else. */
export function accepted<A>({ status, body }: Reply): A {
  if (status >= 200 && status < 300) return body as A;
  throw problemFrom(status, body);
}
