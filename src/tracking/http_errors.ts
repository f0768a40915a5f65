/** What a tracking server's refusals mean, told with the way out. */

import { ServiceError } from "../base/mod.ts";

/** A request that the server answered with an error. */
export class ResponseError extends ServiceError {
  override name = "ServiceError";
  /** HTTP status. */
  readonly status: number;
  /** MLflow's error code, as `RESOURCE_DOES_NOT_EXIST`; "" if the answer named none. */
  readonly code: string;

  /** Takes status, code, message and what to do next. */
  constructor(status: number, code: string, message: string, next?: string) {
    super(message, { next });
    this.status = status;
    this.code = code;
  }

  /**
   * Whether the server refuses just what was sent, a name, a key, a value or a size, and takes
   * others: any 4xx but those about who asks, how often, and of what.
   */
  get refusesContent(): boolean {
    const { status } = this;
    return status >= 400 && status < 500 && !aboutTheServer.has(status) &&
      !/must be in the '?active'?/.test(this.message);
  }
}

const aboutTheServer = new Set([401, 403, 404, 405, 407, 408, 421, 425, 429]);

/** Whether a server says that it does not know what was asked for. */
export function isMissing(error: unknown): boolean {
  return error instanceof ResponseError && error.code === "RESOURCE_DOES_NOT_EXIST";
}

/** Reads an error answer: MLflow's JSON, or whatever a proxy or middleware wrote. */
function readBody(text: string): { code: string; message: string } {
  try {
    const body = JSON.parse(text);
    if (typeof body === "object" && body !== null) {
      return { code: String(body.error_code ?? ""), message: String(body.message ?? "") };
    }
  } catch {
    // Not MLflow's JSON: the text itself is the message.
  }
  const plain = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim();
  return { code: "", message: plain };
}

function nextStep(
  what: string,
  status: number,
  code: string,
  host: string,
  text: string,
): string | undefined {
  if (status === 403 && text.includes("Invalid Host header")) {
    return `start the server with --allowed-hosts "${host}" (or MLFLOW_SERVER_ALLOWED_HOSTS): ` +
      "it accepts only local and private addresses by itself, no other host names";
  }
  if (status === 403 && text.includes("Cross-origin request blocked")) {
    return "something between us and the server adds an Origin header: drop it there, or start " +
      "the server with --cors-allowed-origins";
  }
  if (status === 401) {
    return "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
  }
  if (status === 403) {
    return "ask for the permission to write to this experiment, or use another account";
  }
  // With a code of MLflow's own, the address is right.
  if (status === 404 && code === "") {
    return "check that MLFLOW_TRACKING_URI names an MLflow server and its path";
  }
  if (status === 407) return "give the proxy's user and password in HTTP_PROXY or HTTPS_PROXY";
  if (status === 413) {
    return "log something smaller, or raise the limit of the server or of a proxy before it";
  }
  if (status === 400 && what.startsWith("PUT ")) {
    return 'rename the artifact: letters, digits, "_", "-", "." and "/" are taken everywhere';
  }
  if (status === 400) return "change the name, key or value that the server tells of";
  if (status >= 500) return "look into the server's log";
}

/** Turns an error answer to `what` (method and address) into an error for the user. */
export function responseError(
  what: string,
  url: URL,
  status: number,
  text: string,
): ResponseError {
  const { code, message } = readBody(text);
  const shown = message.length > 300 ? message.slice(0, 300) + "…" : message;
  return new ResponseError(
    status,
    code,
    `The tracking server refused ${what}: ${status}${code && " " + code}${shown && ": " + shown}`
      .replace(/\.$/, ""),
    nextStep(what, status, code, url.host, text),
  );
}
