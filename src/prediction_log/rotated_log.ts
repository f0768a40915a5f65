/** JSONL files that are appended to in batches, rotated, and removed when old. */

import { join } from "@std/path";
import { removeIfPresent } from "../base/mod.ts";
import { formatFileName } from "./file_name.ts";
import { removeOld, type Retention } from "./retention.ts";

/** How a log is written. */
export interface RotatedLogOptions extends Retention {
  /** Bytes after which a new file begins; the batch that reaches them is still written. */
  readonly maxFileBytes: number;
  /** Milliseconds that a line waits at most before it is written; 200 unless it is set. */
  readonly flushMs?: number;
  /** Characters that are written without waiting that long; 256 Ki unless it is set. */
  readonly flushSize?: number;
  /** Characters that may wait; lines beyond it are dropped. 16 Mi unless it is set. */
  readonly queueSize?: number;
  /** Hears of lines that are lost: there was no room for them, or no disk until the log closed. */
  readonly onLost: (lines: number, reason: string) => void;
  /** Hears why the disk does not take lines, which wait then, and undefined once it does again. */
  readonly onTrouble?: (reason: string | undefined) => void;
  /** Milliseconds from a failed write to the next; doubled up to a minute. 1000 unless it is set. */
  readonly retryMs?: number;
  /** The clock. */
  readonly now?: () => Date;
}

const encoder = new TextEncoder();
const NEWLINE = 10;

/** Longest pause between two attempts on a disk that fails, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Appends lines to files that begin anew by size and with each UTC day. No
 * caller ever waits: lines are collected and written in the background, and
 * dropped if the disk does not keep up. A disk that fails is tried again
 * after longer and longer pauses while the lines wait. A process that is killed loses what
 * was not written yet, and leaves at worst a torn last line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const folder = await Deno.makeTempDir();
 * const log = new RotatedLog({
 *   folder, kind: "feedback", maxFileBytes: 1e6, maxAgeDays: 30, maxTotalBytes: 1e9,
 *   onLost: (lines, reason) => console.error(`${lines} lines lost: ${reason}`),
 * });
 * log.write({ request_id: "a-1", label: "Good" });
 * await log.close();
 * const [file] = [...Deno.readDirSync(folder)];
 * assertEquals(
 *   await Deno.readTextFile(`${folder}/${file.name}`),
 *   '{"request_id":"a-1","label":"Good"}\n',
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class RotatedLog {
  readonly #options: Required<RotatedLogOptions>;
  #records: object[] = [];
  #waiting: string[] = [];
  #size = 0;
  #timer?: ReturnType<typeof setTimeout>;
  #writing?: Promise<void>;
  #file?: OpenFile;
  #fileBytes = 0;
  #files = 0;
  /** Why the disk does not take lines, and the pause before it is tried again. */
  #trouble?: { readonly reason: string; readonly pauseMs: number };

  /** Takes the options; nothing is opened before there is a line. */
  constructor(options: RotatedLogOptions) {
    this.#options = {
      flushMs: 200,
      flushSize: 1 << 18,
      queueSize: 1 << 24,
      now: () => new Date(),
      onTrouble: () => {},
      retryMs: 1000,
      ...options,
    };
  }

  /** Appends a record as a line, soon; it must not change any more. */
  write(record: object): void {
    // Becoming a line takes as long as all else here: who waits for an answer gets it before.
    if (this.#records.push(record) === 1) setImmediate(() => this.#queue());
  }

  /** Writes what waits; ends when it is in the file, or the disk failed to take it. */
  async flush(): Promise<void> {
    this.#queue();
    while (this.#waiting.length > 0 || this.#writing !== undefined) {
      await (this.#writing ??= this.#writeWaiting());
      if (this.#trouble !== undefined) break;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#schedule();
  }

  /** Writes what waits and closes the file; what the disk does not take now is lost. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    const { length } = this.#waiting;
    [this.#waiting, this.#size] = [[], 0];
    if (length > 0) this.#options.onLost(length, this.#trouble?.reason ?? "the log was closed");
    await this.#leaveFile();
  }

  #queue(): void {
    const { queueSize, onLost } = this.#options;
    const records = this.#records;
    this.#records = [];
    for (const record of records) {
      const line = JSON.stringify(record) + "\n";
      if (this.#size + line.length > queueSize) {
        onLost(1, "too many lines wait for the disk");
        continue;
      }
      this.#waiting.push(line);
      this.#size += line.length;
    }
    this.#schedule();
  }

  /** Writes at once if enough waits, else some time later; after what is being written. */
  #schedule(): void {
    const { flushSize, flushMs } = this.#options;
    if (this.#size === 0 || this.#writing !== undefined) return;
    const pauseMs = this.#trouble?.pauseMs;
    if (this.#size >= flushSize && pauseMs === undefined) this.#writing = this.#writeWaiting();
    else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#writing ??= this.#writeWaiting();
      }, pauseMs ?? flushMs);
    }
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    const bytes = encoder.encode(lines.join(""));
    const progress = { bytes: 0 };
    try {
      await this.#append(bytes, progress);
      if (this.#trouble !== undefined) this.#options.onTrouble(undefined);
      this.#trouble = undefined;
    } catch (error) {
      const whole = bytes.lastIndexOf(NEWLINE, progress.bytes - 1) + 1;
      this.#fileBytes += progress.bytes > 0 ? whole : 0;
      // Part of a line may stand there: what follows goes to a new file.
      await this.#leaveFile();
      this.#failed(lines, progress.bytes > 0 ? bytes.subarray(0, whole) : new Uint8Array(), error);
    }
    this.#writing = undefined;
    this.#schedule(); // lines come while others are written
  }

  /** Keeps the lines that are not among those `written`, and tries again later. */
  #failed(lines: readonly string[], written: Uint8Array, error: unknown): void {
    const done = written.reduce((count, byte) => count + (byte === NEWLINE ? 1 : 0), 0);
    this.#waiting = [...lines.slice(done), ...this.#waiting];
    this.#size = this.#waiting.reduce((sum, { length }) => sum + length, 0);
    const reason = error instanceof Error ? error.message : String(error);
    const pauseMs = this.#trouble === undefined
      ? this.#options.retryMs
      : Math.min(2 * this.#trouble.pauseMs, LONGEST_PAUSE_MS);
    this.#trouble = { reason, pauseMs };
    this.#options.onTrouble(reason);
  }

  async #append(bytes: Uint8Array, progress: { bytes: number }): Promise<void> {
    const now = this.#options.now();
    const full = this.#fileBytes >= this.#options.maxFileBytes;
    if (full || this.#file?.day !== dayOf(now) || await isRemoved(this.#file)) {
      await this.#leaveFile();
    }
    this.#file ??= await this.#openFile(now);
    while (progress.bytes < bytes.length) {
      progress.bytes += await this.#file.handle.write(bytes.subarray(progress.bytes));
    }
    this.#fileBytes += bytes.length;
  }

  async #openFile(begun: Date): Promise<OpenFile> {
    const { folder, kind } = this.#options;
    await Deno.mkdir(folder, { recursive: true });
    await removeOld(this.#options, begun);
    while (true) {
      const name = formatFileName({ kind, begun, process: Deno.pid, number: this.#files++ });
      try {
        // It must not be there: two logs, of threads of one process too, never write to one file.
        const path = join(folder, name);
        const handle = await Deno.open(path, { append: true, createNew: true });
        return { handle, path, day: dayOf(begun) };
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }

  /** Closes the file, and removes one in which no whole line stands. */
  async #leaveFile(): Promise<void> {
    const [file, bytes] = [this.#file, this.#fileBytes];
    this.#file = undefined;
    this.#fileBytes = 0;
    file?.handle.close();
    if (file === undefined || bytes > 0) return;
    // A disk that takes nothing may refuse this too; why it fails is told already.
    await removeIfPresent(file.path).catch(() => {});
  }
}

/** A file that lines are appended to. */
interface OpenFile {
  readonly handle: Deno.FsFile;
  readonly path: string;
  /** The UTC day that it belongs to. */
  readonly day: string;
}

/** Whether somebody has removed the file: what is written to it would be lost. */
async function isRemoved({ handle }: OpenFile): Promise<boolean> {
  return (await handle.stat()).nlink === 0;
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
