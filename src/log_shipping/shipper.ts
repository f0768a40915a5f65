/** Ships log lines in batches, and keeps in files what cannot be sent yet. */

import { maskedText, UserError } from "../base/mod.ts";
import { ecsDocument, type LogSource } from "./ecs.ts";
import { BodyRefusal, type BulkResult, LogEngine } from "./engine.ts";
import type { LogSettings } from "./settings.ts";
import { Unsent } from "./unsent.ts";

/** How lines are gathered. */
export interface ShippingPace {
  /** Lines of a batch. */
  readonly batchLines?: number;
  /** Milliseconds that a line waits for others. */
  readonly waitMs?: number;
  /** Characters that may wait in memory; lines beyond are lost. */
  readonly mostWaiting?: number;
  /** Milliseconds to the first try after a failure; doubled up to half a minute. */
  readonly pauseMs?: number;
}

/** Who hears of what the log itself cannot tell. */
export interface ShippingEars {
  /** Lines that were lost, and why. */
  readonly onLost?: (lines: number, reason: string) => void;
  /** Why lines wait; undefined once they do not any more. */
  readonly onTrouble?: (trouble: string | undefined) => void;
}

const BATCH_LINES = 500;
/** Characters of a batch: Elasticsearch does well with a few megabytes. */
const BATCH_CHARACTERS = 1 << 20;
const WAIT_MS = 1000;
const MOST_WAITING = 8 << 20;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** Takes lines at once and sends them when it can. */
export class LogShipper {
  readonly #engine: LogEngine;
  readonly #unsent: Unsent;
  #lines: string[] = [];
  #waiting = 0;
  #working?: Promise<void>;
  #timer?: ReturnType<typeof setTimeout>;
  #away?: string;
  /** What is being sent and stands in no file. */
  #underWay?: string;
  #failures = 0;
  #nextTry = 0;

  /** Takes where lines go, who writes them, who hears of trouble, and how lines are gathered. */
  constructor(
    settings: LogSettings,
    private readonly source: LogSource,
    private readonly ears: ShippingEars = {},
    private readonly pace: ShippingPace = {},
  ) {
    this.#engine = new LogEngine(settings);
    this.#unsent = new Unsent(settings.folder, settings.folderBytes);
    this.#wake(0); // what an earlier process left
  }

  /** Why lines wait; undefined if they do not. */
  get trouble(): string | undefined {
    return this.#away;
  }

  /** Takes a line. Never waits: what memory does not hold is lost, and told. */
  add(line: string): void {
    if (this.#waiting + line.length > (this.pace.mostWaiting ?? MOST_WAITING)) {
      this.ears.onLost?.(1, "memory is full of lines that wait");
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    const full = this.#lines.length >= (this.pace.batchLines ?? BATCH_LINES) ||
      this.#waiting >= BATCH_CHARACTERS;
    if (full && this.#away === undefined) this.#start();
    else this.#wake(this.pace.waitMs ?? WAIT_MS);
  }

  /** Sends what waits, or keeps it in files; ends within about `patienceMs`. */
  async close(patienceMs = 3000): Promise<void> {
    clearTimeout(this.#timer);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((done) => timer = setTimeout(() => done("late"), patienceMs));
    const ended = await Promise.race([this.#working ?? this.#work(), late]);
    if (ended === "late") {
      this.#fail("it does not answer in time");
      // Sent twice, if it arrives after all, it is one: it has ids.
      if (this.#underWay !== undefined) await this.#keep(this.#underWay);
    }
    while (this.#lines.length > 0) {
      if (this.#away === undefined && ended !== "late") await Promise.race([this.#work(), late]);
      if (this.#lines.length > 0 && !await this.#keep(this.#body(this.#take()))) break;
    }
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wake(ms: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, ms);
    // A process that has nothing else to do ends: whoever ends it well calls close().
    Deno.unrefTimer(this.#timer);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#away !== undefined) this.#wake(Math.max(0, this.#nextTry - performance.now()));
      else if (this.#lines.length > 0) this.#wake(this.pace.waitMs ?? WAIT_MS);
    });
  }

  /** Sends files of earlier, then what waits; one that fails leaves the rest for later. */
  async #work(): Promise<void> {
    if (performance.now() >= this.#nextTry && await this.#sendFiles()) await this.#sendLines();
    if (this.#away !== undefined) await this.#put();
  }

  /** @returns whether the cluster takes documents. */
  async #sendFiles(): Promise<boolean> {
    while (performance.now() >= this.#nextTry) {
      const [path] = await this.#unsent.list().catch(() => []);
      if (path === undefined) return this.#away === undefined || await this.#probe();
      const body = await this.#unsent.read(path).catch(() => undefined);
      if (body === undefined) return true; // out of our reach
      if (!await this.#send(body, false)) return false;
      await this.#unsent.sent(path);
    }
    return false;
  }

  /** Whether it is back; others may have sent all that waited. */
  async #probe(): Promise<boolean> {
    try {
      await this.#engine.ready();
      this.#well();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #sendLines(): Promise<void> {
    while (this.#lines.length > 0) {
      const body = this.#body(this.#take());
      if (!await this.#send(body, true)) return;
    }
    await this.#engine.tidy().catch(() => {}); // tried again in some hours
  }

  /** Sends a body; what is left of it goes into a file, if it did not come from one. */
  async #send(body: string, keeps: boolean): Promise<boolean> {
    if (keeps) this.#underWay = body;
    try {
      await this.#deliver(body);
      return true;
    } catch (error) {
      this.#failed(error);
      if (keeps) await this.#keep(body);
      return false;
    } finally {
      if (keeps) this.#underWay = undefined;
    }
  }

  /** Sends a body, in parts where it is too much or one of its documents spoils it. */
  async #deliver(body: string): Promise<void> {
    const lines = body.trimEnd().split("\n");
    const count = lines.length >> 1;
    const pair = (at: number) => `${lines[2 * at]}\n${lines[2 * at + 1]}\n`;
    let result: BulkResult;
    try {
      result = await this.#engine.bulk(body);
    } catch (error) {
      if (!(error instanceof BodyRefusal)) throw error;
      if (count > 1) {
        const half = 2 * (count >> 1);
        await this.#deliver(`${lines.slice(0, half).join("\n")}\n`);
        return await this.#deliver(`${lines.slice(half).join("\n")}\n`);
      }
      result = { again: [], refused: [{ at: 0, reason: error.message }] };
    }
    const { again, refused } = result;
    if (refused.length > 0) {
      const reasons = refused.map(({ at, reason }) =>
        JSON.stringify({ reason, document: lines[2 * at + 1] })
      );
      // That they are lost is told; where the disk is full too, they are nowhere.
      await this.#unsent.refuse(reasons).catch(() => {});
      this.ears.onLost?.(refused.length, `refused: ${refused[0].reason}`);
    }
    if (again.length === 0) return this.#well();
    // What is left stands in a file of its own.
    await this.#keep(again.map(pair).join(""));
    this.#fail("it has no room for now");
  }

  /** Puts what waits into files, in batches that are worth one. */
  async #put(): Promise<void> {
    const most = this.pace.mostWaiting ?? MOST_WAITING;
    while (this.#waiting >= Math.min(BATCH_CHARACTERS, most / 2)) {
      if (!await this.#keep(this.#body(this.#take()))) return;
    }
  }

  /** @returns whether the disk took it; else its lines are lost. */
  async #keep(body: string): Promise<boolean> {
    let reason = "the folder of unsent lines is full";
    try {
      if (await this.#unsent.keep(body)) return true;
    } catch (error) {
      reason = (error as Error).message;
    }
    this.ears.onLost?.(body.split("\n").length >> 1, reason);
    return false;
  }

  #take(): string[] {
    let characters = 0;
    let count = 0;
    const most = this.pace.batchLines ?? BATCH_LINES;
    // Those that wait for long go by size alone.
    const lines = this.#away === undefined ? most : Infinity;
    while (count < this.#lines.length && count < lines && characters < BATCH_CHARACTERS) {
      characters += this.#lines[count++].length;
    }
    this.#waiting -= characters;
    return this.#lines.splice(0, count);
  }

  /** Actions and documents; the id makes one that is sent twice one. */
  #body(lines: readonly string[]): string {
    const now = new Date();
    return lines.map((line) => {
      const action = JSON.stringify({ create: { _id: crypto.randomUUID() } });
      return `${action}\n${JSON.stringify(ecsDocument(line, this.source, now))}\n`;
    }).join("");
  }

  /** Whatever went wrong, nobody waits for it: it is told, and tried again. */
  #failed(error: unknown): void {
    this.#engine.reset();
    const message = maskedText(error instanceof Error ? error.message : String(error));
    const next = error instanceof UserError ? error.next : undefined;
    this.#fail(`${message}${next ? ` (${next})` : ""}`);
  }

  #fail(reason: string): void {
    const { pauseMs = PAUSE_MS } = this.pace;
    const pause = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** Math.min(10, this.#failures++));
    this.#nextTry = performance.now() + pause;
    const before = this.#away;
    this.#away = `log lines wait: ${reason}`;
    if (before !== this.#away) this.ears.onTrouble?.(this.#away);
  }

  #well(): void {
    [this.#failures, this.#nextTry] = [0, 0];
    if (this.#away === undefined) return;
    this.#away = undefined;
    this.ears.onTrouble?.(undefined);
  }
}
