/** What every handler passes: the caller's right, room for one more request, the body. */

import type { Context } from "hono";
import type { Access, Right } from "./access.ts";
import { readJson } from "./body.ts";
import type { Deadlines, Ticket } from "./deadlines.ts";

/** What a request carries through the application. */
export interface AppEnv {
  readonly Variables: {
    /** The request's id. */
    id: string;
  };
}

/** A request, as handlers get it. */
export type AppContext = Context<AppEnv>;

/** A handler. */
export type Handler = (c: AppContext) => Response | Promise<Response>;

/** A handler that does work which takes time, and stops when the ticket is cancelled. */
export type Worker = (c: AppContext, ticket: Ticket) => Promise<Response>;

/** Lets requests through to handlers. */
export class Gate {
  /** Takes who decides about rights and room, and the size of bodies. */
  constructor(
    private readonly access: Access,
    private readonly deadlines: Deadlines,
    private readonly bodyLimit: number,
  ) {}

  /** A handler that answers at once. */
  ask(right: Right, handler: Handler): Handler {
    return (c) => {
      this.access.check(c.req.raw.headers, right);
      return handler(c);
    };
  }

  /** A handler that counts among the requests under way and has a deadline. */
  work(right: Right, handler: Worker): Handler {
    return async (c) => {
      this.access.check(c.req.raw.headers, right);
      const ticket = this.deadlines.enter();
      try {
        return await handler(c, ticket);
      } finally {
        this.deadlines.leave(ticket);
      }
    };
  }

  /** The request's body; see {@linkcode readJson}. */
  body(c: AppContext, ticket: Ticket): Promise<unknown> {
    return readJson(c.req.raw, this.bodyLimit, ticket);
  }
}
