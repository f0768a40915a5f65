/** One connection to Redis, which may be away at the start, in the middle, and come back. */

import { Buffer } from "node:buffer";
import { createClient, ErrorReply, RESP_TYPES } from "@redis/client";
import { ServiceError, UsageError } from "../base/mod.ts";
import { WaitingLine } from "./waiting_line.ts";

/** Redis cannot be asked now. */
export class RedisAway extends ServiceError {
  /** Name of the class. */
  override name = "RedisAway";
}

/** How a link is made. */
export interface RedisLinkOptions {
  /** Milliseconds that an answer may take; one that takes longer counts as none. */
  readonly limitMs?: number;
  /** Hears when it goes away, with the reason, and when it is back, without one. */
  readonly onTrouble?: (reason: string | undefined) => void;
}

/** Milliseconds between two attempts to connect, at the most. */
const LONGEST_PAUSE = 1000;

/** Milliseconds between two signs of life, and after which a silent connection is given up. */
const [PING, SILENT] = [2000, 5000];

function open(url: string) {
  return createClient({
    url,
    // Nobody waits for a Redis that is not there.
    disableOfflineQueue: true,
    // For clouds that move their servers; it would ask for permissions.
    maintNotifications: "disabled",
    // The link has a limit of its own; one for each command is a third of what the command takes.
    commandOptions: { timeout: 0 },
    pingInterval: PING,
    socket: {
      connectTimeout: 2000,
      socketTimeout: SILENT,
      reconnectStrategy: (attempts) => Math.min(50 * 2 ** Math.min(attempts, 10), LONGEST_PAUSE),
    },
  }).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
}

/** What Redis answers to a command: texts as bytes. */
export type RedisReply = Buffer | string | number | null | readonly RedisReply[];

/** Gives Redis a command with its arguments, as `redis("GET", "key")`. */
export type Redis = (...command: readonly (string | Buffer)[]) => Promise<RedisReply>;

/** A client that is not connected yet. */
interface NextClient {
  readonly client: ReturnType<typeof open>;
  readonly place: string;
  trouble?: string;
}

interface Waiting {
  readonly startedAt: number;
  readonly reject: (reason: unknown) => void;
}

/**
 * A link to Redis. It connects by itself, as often as it takes; meanwhile {@linkcode RedisLink.ask}
 * fails at once, so that a request never waits for a Redis that is away. One that keeps its
 * connection but does not answer is left after `limitMs`, once for all who wait.
 */
export class RedisLink implements AsyncDisposable {
  #url: string;
  /** Host and port, without a password. */
  #place: string;
  readonly #limitMs: number;
  readonly #onTrouble?: (reason: string | undefined) => void;
  readonly #waiting = new WaitingLine<Waiting>();
  #client: ReturnType<typeof open>;
  #trouble: string | undefined;
  /** What will take the client's place once it is connected, and why it is not. */
  #next?: NextClient;
  #closed = false;
  #timer?: ReturnType<typeof setTimeout>;
  /** When the timer is to go off. */
  #due = 0;
  /** Settles once it is connected, or the first attempt has failed. */
  readonly tried: Promise<void>;

  /**
   * Begins to connect.
   *
   * @param url As `redis://127.0.0.1:6379/0` or `rediss://user:password@host:6380`.
   * @throws {UsageError} if it is no such address.
   */
  constructor(url: string, { limitMs = 250, onTrouble }: RedisLinkOptions = {}) {
    this.#place = placeOf(url);
    this.#url = url;
    this.#limitMs = limitMs;
    this.#onTrouble = onTrouble;
    this.#trouble = `Redis at ${this.#place} is not connected yet`;
    this.#client = open(url);
    this.tried = new Promise((done) => this.#connect(done));
  }

  /**
   * Why it cannot be asked, or goes on over a connection that it could not make again; undefined
   * where all is well.
   */
  get trouble(): string | undefined {
    return this.#trouble ?? this.#next?.trouble;
  }

  /**
   * Gives commands to Redis.
   *
   * @throws {RedisAway} if it is away or does not answer in time.
   * @throws {ErrorReply} if it refuses a command.
   */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    if (this.#trouble !== undefined) return Promise.reject(this.#away(this.#trouble));
    return new Promise<T>((resolve, reject) => {
      const waiting = this.#waiting.join({ startedAt: performance.now(), reject });
      if (this.#timer === undefined) this.#arm(this.#limitMs);
      work(this.#command).then((answer) => {
        this.#waiting.leave(waiting);
        resolve(answer);
      }, (error) => {
        this.#waiting.leave(waiting);
        reject(error instanceof ErrorReply ? error : this.#away(messageOf(error)));
      });
    });
  }

  /**
   * Takes another address, as where the password changed. Commands go over the old connection until
   * there is a new one, if it is well, so that none fails for the change.
   *
   * @throws {UsageError} if it is no address of Redis; the old one stays.
   */
  renew(url: string): void {
    if (url === this.#url || this.#closed) return;
    const place = placeOf(url);
    this.#url = url;
    this.#dropNext();
    if (this.#trouble === undefined) this.#prepare({ client: open(url), place });
    else {
      this.#leave("its address changed");
      this.#place = place;
      this.#tell(`Redis at ${place} is not connected yet`);
      this.#client = open(url);
      this.#connect(() => {});
    }
  }

  readonly #command: Redis = (...command) => this.#client.sendCommand<RedisReply>([...command]);

  /** Ends it; what waits fails. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#dropNext();
    this.#leave("it was closed");
    return Promise.resolve();
  }

  #connect(tried: () => void): void {
    const client = this.#client;
    this.#hear(client);
    client.once("ready", tried);
    client.once("error", tried);
    // What goes wrong is told by the event.
    client.connect().catch(() => tried());
  }

  #hear(client: ReturnType<typeof open>): void {
    const own = () => client === this.#client && !this.#closed;
    client.on("ready", () => own() && this.#tell(undefined));
    client.on("error", (error: unknown) => {
      if (!own()) return;
      this.#tell(`Redis at ${this.#place}: ${messageOf(error)}`);
      if (this.#next !== undefined) this.#takeNext(this.#next);
    });
  }

  #prepare(next: NextClient): void {
    const { client, place } = this.#next = next;
    const waits = () => this.#next === next;
    client.on("ready", () => waits() && this.#takeNext(next));
    client.on("error", (error: unknown) => {
      if (!waits()) return;
      next.trouble = `Redis at ${place}: ${messageOf(error)}; an earlier connection is used`;
      this.#onTrouble?.(next.trouble);
    });
    client.connect().catch(() => {});
  }

  #takeNext({ client, place }: NextClient): void {
    const before = this.#client;
    this.#next = undefined;
    [this.#client, this.#place] = [client, place];
    this.#hear(client);
    if (client.isReady) {
      this.#trouble = undefined;
      this.#onTrouble?.(undefined);
      // What it was asked is answered first.
      before.close().catch(() => before.isOpen && before.destroy());
    } else if (before.isOpen) before.destroy();
  }

  #dropNext(): void {
    const client = this.#next?.client;
    this.#next = undefined;
    if (client?.isOpen) client.destroy();
  }

  #arm(ms: number): void {
    this.#due = performance.now() + ms;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  /** Looks whether the first that waits does so for too long. */
  #look(): void {
    this.#timer = undefined;
    const first = this.#waiting.first;
    if (first === undefined) return;
    const now = performance.now();
    // A thread that was busy itself has not read what came: it gets the time again.
    const busy = now - this.#due > this.#limitMs / 5;
    const left = busy ? this.#limitMs : first.startedAt + this.#limitMs - now;
    if (left > 0) this.#arm(Math.ceil(left));
    else {
      this.#dropNext();
      this.#place = placeOf(this.#url);
      this.#tell(`Redis at ${this.#place} gave no answer within ${this.#limitMs} ms`);
      this.#leave(this.#trouble!);
      this.#client = open(this.#url);
      this.#connect(() => {});
    }
  }

  #leave(reason: string): void {
    const client = this.#client;
    for (const { reject } of this.#waiting.clear()) reject(this.#away(reason));
    // One that never connected has nothing to end.
    if (client.isOpen) client.destroy();
  }

  #tell(reason: string | undefined): void {
    const before = this.#trouble;
    this.#trouble = reason;
    if (before !== reason) this.#onTrouble?.(reason);
  }

  #away(reason: string): RedisAway {
    return new RedisAway(reason, { next: "start Redis, or correct REDIS_URL" });
  }
}

function placeOf(url: string): string {
  const found = URL.canParse(url) ? new URL(url) : undefined;
  if (found === undefined || !/^rediss?:$/.test(found.protocol) || found.hostname === "") {
    throw new UsageError("Cannot use REDIS_URL: it is no address of Redis", {
      next: "write it as redis://HOST:6379/0, or rediss://USER:PASSWORD@HOST:6380/0",
    });
  }
  return `${found.hostname}:${found.port || 6379}`;
}

function messageOf(error: unknown): string {
  const text = error instanceof AggregateError
    ? error.errors.map(messageOf).join(", ")
    : error instanceof Error
    ? error.message
    : String(error);
  return text || "the connection failed";
}
