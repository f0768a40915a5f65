/** Secrets of a KV engine of version 2, with a session that is kept alive. */

import { ambientSignal } from "../ambient_signal.ts";
import { ServiceError, UserError } from "../errors.ts";
import { wait } from "../wait.ts";
import { logIn } from "./log_in.ts";
import {
  sessionIn,
  VaultAway,
  VaultRefusal,
  VaultRequests,
  type VaultSession,
} from "./requests.ts";
import type { VaultSettings } from "./settings.ts";

/** Milliseconds after which a secret is read again; a change is seen this late at the most. */
const FRESH_MS = 5_000;

/** Milliseconds that a Vault which is away is waited for, if nothing is known of the secret yet. */
const PATIENCE_MS = 10_000;

/** Part of a lease after which it is renewed. */
const RENEW_AT = 2 / 3;

/** Longest a timer can wait, milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

const never = new AbortController().signal;

type Fields = Readonly<Record<string, unknown>>;

interface Kept {
  readonly fields: Fields;
  readonly until: number;
}

/** How patient a {@linkcode Vault} is; tests are less. */
export interface VaultPatience {
  readonly freshMs?: number;
  readonly patienceMs?: number;
}

/** One Vault, or OpenBao. */
export class Vault implements Disposable {
  readonly #requests: VaultRequests;
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, Promise<Fields>>();
  #session?: Promise<VaultSession>;
  #timer?: ReturnType<typeof setTimeout>;
  #trouble?: string;

  /** Takes where it is and who asks. */
  constructor(
    private readonly settings: VaultSettings,
    private readonly patience: VaultPatience = {},
  ) {
    this.#requests = new VaultRequests(settings);
  }

  /** Why what was last read may be old; undefined if it is not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * The fields of a secret. While Vault is away they are those that it last told, and
   * {@linkcode Vault.trouble} says so.
   *
   * @throws {VaultAway} if it is away and has never told them.
   * @throws {UserError} if it has no such secret, or does not show it to us.
   */
  async read(mount: string, path: string, version?: number): Promise<Fields> {
    const route = `${mount}/data/${path}${version === undefined ? "" : `?version=${version}`}`;
    const kept = this.#kept.get(route);
    if (kept !== undefined && performance.now() < kept.until) return kept.fields;
    let reading = this.#underWay.get(route);
    if (reading === undefined) {
      reading = this.#refresh(route, kept).finally(() => this.#underWay.delete(route));
      this.#underWay.set(route, reading);
    }
    return await reading;
  }

  async #refresh(route: string, kept: Kept | undefined): Promise<Fields> {
    const { freshMs = FRESH_MS } = this.patience;
    const keep = (fields: Fields) => {
      this.#kept.set(route, { fields, until: performance.now() + freshMs });
      return fields;
    };
    try {
      const fields = await this.#patiently(() => this.#fields(route), kept === undefined);
      this.#trouble = undefined;
      return keep(fields);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#trouble = `secrets: ${error.message}`;
      if (error instanceof VaultAway && kept !== undefined) return keep(kept.fields);
      throw error;
    }
  }

  /** Does again what a Vault that is away did not, if that is worth waiting for. */
  async #patiently<T>(work: () => Promise<T>, waits: boolean): Promise<T> {
    const { patienceMs = PATIENCE_MS } = this.patience;
    const end = performance.now() + patienceMs;
    for (let pause = 100;; pause = Math.min(pause * 2, 2000)) {
      try {
        return await work();
      } catch (error) {
        const over = performance.now() + pause > end;
        if (!waits || over || !(error instanceof VaultAway)) throw error;
        await wait(pause / 1000, ambientSignal() ?? never);
      }
    }
  }

  async #fields(route: string): Promise<Fields> {
    const answer = await this.#asOurselves((token) => this.#requests.send("GET", route, { token }));
    const { data } = (answer.data ?? {}) as { data?: unknown };
    if (typeof data !== "object" || data === null) {
      throw new ServiceError(`Vault answered ${route} without a secret of KV version 2`, {
        next: "check that the mount is a KV engine of version 2",
      });
    }
    return data as Fields;
  }

  /** Sends with our token, and once more with a new one if that has expired. */
  async #asOurselves(send: (token: string) => Promise<Record<string, unknown>>) {
    const { login: { method, ...login } } = this.settings;
    const again = this.#session !== undefined;
    const { token } = await this.#current();
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof VaultRefusal)) throw error;
      if (error.status === 404) throw missing(error);
      const fixed = method === "token" && !("file" in login);
      if (error.status !== 403 || !again || fixed) throw forbidden(error);
      this.#forget();
      try {
        return await send((await this.#current()).token);
      } catch (error) {
        if (!(error instanceof VaultRefusal)) throw error;
        throw error.status === 404 ? missing(error) : forbidden(error);
      }
    }
  }

  #current(): Promise<VaultSession> {
    if (this.#session === undefined) {
      const session = logIn(this.settings.login, this.#requests);
      this.#session = session;
      session.then(
        (begun) => this.#session === session && this.#renewLater(begun),
        () => this.#session === session && this.#forget(),
      );
    }
    return this.#session;
  }

  /** Renews the lease before it ends; a process that has nothing else to do ends all the same. */
  #renewLater({ seconds, renewable }: VaultSession): void {
    if (seconds <= 0) return;
    const ms = Math.min(seconds * 1000 * RENEW_AT, LONGEST_MS);
    this.#timer = setTimeout(() => void (renewable ? this.#renew() : this.#forget()), ms);
    Deno.unrefTimer(this.#timer);
  }

  async #renew(): Promise<void> {
    const session = this.#session;
    try {
      const { token } = await session!;
      const answer = await this.#requests.send("POST", "auth/token/renew-self", {
        token,
        body: {},
      });
      const renewed = sessionIn(answer);
      if (this.#session === session && renewed) this.#renewLater(renewed);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Whoever reads next logs in again, and hears why that cannot be.
      if (this.#session === session) this.#forget();
    }
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#session = undefined;
  }

  /** Lets the session run out. */
  [Symbol.dispose](): void {
    this.#forget();
  }
}

function missing({ body, message }: VaultRefusal): UserError {
  const { data } = (body ?? {}) as { data?: { metadata?: { deletion_time?: string } } };
  if (data?.metadata !== undefined) {
    return new UserError("this version of the secret was deleted", {
      next: "write it anew, or undelete it",
    });
  }
  return new UserError(
    /no handler/.test(message) ? "there is no engine at this mount" : "there is no such secret",
    { next: "check mount and path; the mount must be a KV engine of version 2" },
  );
}

function forbidden({ message, status, next }: VaultRefusal): UserError {
  if (status !== 403) return new UserError(message, { next });
  return new UserError("Vault does not show it to us: the token is not valid or not allowed to", {
    next: 'check that it has not expired, and that a policy allows "read" on MOUNT/data/PATH',
  });
}
