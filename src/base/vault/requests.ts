/** Requests to Vault's HTTP API, and what its refusals mean. */

import { ServiceError, UserError } from "../errors.ts";
import { fetchReason } from "../fetch_reason.ts";
import { keepSecret } from "../secrets.ts";
import type { VaultSettings } from "./settings.ts";
import { trustingClient } from "../trusting_client.ts";

/** Milliseconds for an answer. */
const TIMEOUT_MS = 5000;

/** Vault cannot answer now, for a reason that may pass: it is away, sealed or overloaded. */
export class VaultAway extends ServiceError {}

/** Vault answered that it will not. */
export class VaultRefusal extends UserError {
  /** Takes the status of the answer too. */
  constructor(readonly status: number, message: string, next: string, readonly body: unknown) {
    super(message, { next });
  }
}

/** Sends requests to one Vault. */
export class VaultRequests {
  #client?: Deno.HttpClient;

  /** Takes where it is. */
  constructor(private readonly settings: Omit<VaultSettings, "login">) {}

  /**
   * Sends a request and gives the JSON of the answer.
   *
   * @param path Below `/v1/`.
   * @throws {VaultAway} if there is no answer, or one that may be another later.
   * @throws {VaultRefusal} if it refuses.
   */
  async send(
    method: "GET" | "POST",
    path: string,
    { token, body }: { readonly token?: string; readonly body?: unknown } = {},
  ): Promise<Record<string, unknown>> {
    const { address, namespace } = this.settings;
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${address}/v1/${path}`, {
        method,
        headers: {
          "x-vault-request": "true",
          ...token !== undefined && { "x-vault-token": token },
          ...namespace !== undefined && { "x-vault-namespace": namespace },
          ...body !== undefined && { "content-type": "application/json" },
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        client: await this.#trusting(),
      });
      status = response.status;
      text = await response.text();
    } catch (cause) {
      if (cause instanceof UserError) throw cause;
      throw new VaultAway(
        `Vault at ${address} does not answer: ${fetchReason(cause, TIMEOUT_MS)}`,
        {
          cause,
          next: "check that it runs and that VAULT_ADDR is right",
        },
      );
    }
    const answer = parsed(text);
    if (status >= 200 && status < 300) return answer ?? {};
    if (status === 503 && /sealed/i.test(text)) {
      throw new VaultAway(`Vault at ${address} is sealed`, { next: "unseal it" });
    }
    if (status >= 500 || status === 429 || status === 412) {
      throw new VaultAway(`Vault at ${address} answered ${status}`, {
        next: "look at its log",
      });
    }
    const said = Array.isArray(answer?.errors) ? answer.errors.join("; ").trim() : "";
    throw new VaultRefusal(
      status,
      `Vault at ${address} answered ${status}${said && `: ${said.replaceAll(/\s*\n\s*/g, " ")}`}`,
      "check the path and what the policies of the role allow",
      answer,
    );
  }

  async #trusting(): Promise<Deno.HttpClient | undefined> {
    const { authorities } = this.settings;
    if (authorities === undefined) return undefined;
    return this.#client ??= await trustingClient(authorities, "VAULT_CACERT");
  }
}

/** Who was let in, and for how long. */
export interface VaultSession {
  readonly token: string;
  /** Seconds; 0 for ever. */
  readonly seconds: number;
  readonly renewable: boolean;
}

/** The session that an answer grants; undefined if it grants none. */
export function sessionIn(answer: Record<string, unknown>): VaultSession | undefined {
  const auth = answer.auth as Record<string, unknown> | null | undefined;
  if (typeof auth?.client_token !== "string" || auth.client_token === "") return undefined;
  keepSecret(auth.client_token);
  return {
    token: auth.client_token,
    seconds: Number(auth.lease_duration ?? 0),
    renewable: auth.renewable === true,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined; // a proxy's page; the status is what is told
  }
}
