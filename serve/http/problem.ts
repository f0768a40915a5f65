/** Refusals as RFC 9457 problem details. */

/** One thing that is wrong with a request's body. */
export interface Fault {
  /** JSON pointer to the value, as `/Age` or `/3/Age`. */
  readonly pointer: string;
  /** What was found and what is wanted. */
  readonly detail: string;
}

/** Faults that one refusal tells; what comes after them is not looked at. */
export const mostFaults = 100;

/** What a refusal may say beside its status and detail. */
export interface ProblemOptions extends ErrorOptions {
  /** Every fault that was found. */
  readonly errors?: readonly Fault[];
  /** Headers of the answer, as Retry-After. */
  readonly headers?: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<number, string>> = {
  400: "Malformed request",
  401: "Key missing or wrong",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "Request too slow",
  409: "Conflict",
  413: "Request too large",
  415: "Unsupported media type",
  422: "Request not valid",
  429: "Too many requests",
  500: "Defect in the server",
  503: "Not ready",
  504: "Timed out",
};

/**
 * A refusal that any handler may throw; the application turns it into an
 * `application/problem+json` answer (below `/v2` into that protocol's own form).
 */
export class Problem extends Error {
  override name = "Problem";
  /** Every fault that was found, empty if the refusal is not about the body's values. */
  readonly errors: readonly Fault[];
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /** Takes the HTTP status and what was found and wanted, in the grammar of error messages. */
  constructor(readonly status: number, readonly detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  /** The body of the answer. */
  toJSON(): Record<string, unknown> {
    const { status, detail, errors } = this;
    return {
      type: "about:blank",
      title: titles[status] ?? "Request failed",
      status,
      detail,
      ...(errors.length > 0 && { errors }),
    };
  }
}
