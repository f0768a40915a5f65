/** What every handler passes: the caller's right, room for one more request, the body. */

import type { Context } from "hono";
import type { Access, Right } from "./access.ts";
import { type BodyOptions, readBytes, readJsonBody, readText } from "./body.ts";
import type { Caller } from "./caller.ts";
import type { Deadlines, Ticket } from "./deadlines.ts";
import { Problem } from "./problem.ts";

/** What a request carries through the application. */
export interface AppEnv {
  /** Given by who listens. */
  readonly Bindings: {
    /** The other end of the connection. */
    readonly remoteAddr?: { readonly hostname: string };
    /** Where the request is that of another thread: hears by which route it was answered, and its id. */
    readonly onAnswered?: (route: string, id: string) => void;
  } | undefined;
  readonly Variables: {
    /** The request's id. */
    id: string;
    /** Who asks. */
    caller: Caller;
  };
}

/** A request, as handlers get it. */
export type AppContext = Context<AppEnv>;

/** A handler. */
export type Handler = (c: AppContext) => Response | Promise<Response>;

/** A handler that does work which takes time, and stops when the ticket is cancelled. */
export type TimedHandler = (c: AppContext, ticket: Ticket) => Promise<Response>;

/** Lets requests through to handlers. */
export class Admission {
  readonly #rights = new WeakMap<Handler, Right>();

  /** Takes who decides about rights and room, the size of bodies, and whether the server stops. */
  constructor(
    private readonly access: Access,
    private readonly deadlines: Deadlines,
    private readonly bodyLimit: number,
    private readonly life: { readonly stopping: boolean },
  ) {}

  /** A handler that answers at once. */
  ask(right: Right, handler: Handler): Handler {
    return this.#asking(right, (c) => {
      this.#check(c, right);
      return handler(c);
    });
  }

  /** Whether a handler that it made asks for a key. */
  needsKey(handler: unknown): boolean {
    const right = this.#rights.get(handler as Handler);
    return right !== undefined && this.access.needsKey(right);
  }

  #asking(right: Right, handler: Handler): Handler {
    this.#rights.set(handler, right);
    return handler;
  }

  /** Whether the caller has a right, if an answer tells less to who has not. */
  may(c: AppContext, right: Right): boolean {
    try {
      this.#check(c, right);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Who has no key is told less, however often it asks; a key over its rate is refused.
      if (error.status === 429 && c.get("caller").key === undefined) return false;
      if (error.status === 401 || error.status === 403) return false;
      throw error;
    }
  }

  /** A handler that has a deadline and counts among the requests under way once its body is there. */
  work(right: Right, handler: TimedHandler): Handler {
    return this.#asking(right, async (c) => {
      this.#check(c, right);
      const ticket = this.deadlines.enter(c.get("caller"));
      try {
        return await handler(c, ticket);
      } finally {
        this.deadlines.leave(ticket);
      }
    });
  }

  #check(c: AppContext, right: Right): void {
    this.access.check(c.req.raw, right, c.get("caller"));
  }

  /** Counts a request that has no body among those under way. */
  admit(ticket: Ticket): void {
    this.deadlines.admit(ticket);
  }

  /** The request's body, with which it counts among those under way; see {@linkcode readJsonBody}. */
  async body(c: AppContext, ticket: Ticket): Promise<unknown> {
    return await this.#read(readJsonBody, c, ticket);
  }

  /** The request's body as text, as {@linkcode Admission.body}. */
  async text(c: AppContext, ticket: Ticket): Promise<string> {
    return await this.#read(readText, c, ticket);
  }

  /** The request's body as bytes, as {@linkcode Admission.body}. */
  async bytes(c: AppContext, ticket: Ticket): Promise<Uint8Array> {
    return await this.#read(readBytes, c, ticket);
  }

  async #read<T>(
    read: (request: Request, options: BodyOptions) => Promise<T>,
    c: AppContext,
    ticket: Ticket,
  ): Promise<T> {
    const cutShort = () => this.#cutShort();
    const body = await read(c.req.raw, { limit: this.bodyLimit, cutShort, ticket });
    this.deadlines.admit(ticket);
    return body;
  }

  /** Either side may have done it: a server that stops does not wait for bodies. */
  #cutShort(): Problem {
    if (!this.life.stopping) return new Problem(400, "The body ended too early");
    return new Problem(503, "The server is stopping", { headers: { "Retry-After": "5" } });
  }
}
