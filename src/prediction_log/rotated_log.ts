/** JSONL files that are appended to in batches, rotated, and removed when old. */

import { join } from "@std/path";
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
  /** Hears of lines that are lost: there was no room, or the file could not be written. */
  readonly onLost: (lines: number, reason: string) => void;
  /** The clock. */
  readonly now?: () => Date;
}

const encoder = new TextEncoder();

/**
 * Appends lines to files that begin anew by size and with each UTC day. No
 * caller ever waits: lines are collected and written in the background, and
 * dropped where the disk does not keep up. A process that is killed loses what
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

  /** Takes the options; nothing is opened before there is a line. */
  constructor(options: RotatedLogOptions) {
    this.#options = {
      flushMs: 200,
      flushSize: 1 << 18,
      queueSize: 1 << 24,
      now: () => new Date(),
      ...options,
    };
  }

  /** Appends a record as a line, soon; it must not change any more. */
  write(record: object): void {
    // Becoming a line takes as long as all else here: who waits for an answer gets it before.
    if (this.#records.push(record) === 1) setImmediate(() => this.#queue());
  }

  /** Writes what waits; ends when it is in the file. */
  async flush(): Promise<void> {
    this.#queue();
    while (this.#waiting.length > 0 || this.#writing !== undefined) {
      await (this.#writing ??= this.#writeWaiting());
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    await this.flush();
    this.#leaveFile();
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

  /** Writes at once where enough waits, else some time later; after what is being written. */
  #schedule(): void {
    const { flushSize, flushMs } = this.#options;
    if (this.#size === 0 || this.#writing !== undefined) return;
    if (this.#size >= flushSize) this.#writing = this.#writeWaiting();
    else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#writing ??= this.#writeWaiting();
      }, flushMs);
    }
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#size = 0;
    try {
      await this.#append(encoder.encode(lines.join("")));
    } catch (error) {
      // Part of a line may stand there: what follows goes to a new file.
      this.#leaveFile();
      this.#options.onLost(lines.length, error instanceof Error ? error.message : String(error));
    }
    this.#writing = undefined;
    this.#schedule(); // lines come while others are written
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const now = this.#options.now();
    const full = this.#fileBytes >= this.#options.maxFileBytes;
    if (full || this.#file?.day !== dayOf(now) || await isRemoved(this.#file)) this.#leaveFile();
    this.#file ??= await this.#openFile(now);
    for (let done = 0; done < bytes.length;) {
      done += await this.#file.handle.write(bytes.subarray(done));
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
        const handle = await Deno.open(join(folder, name), { append: true, createNew: true });
        return { handle, day: dayOf(begun) };
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }

  #leaveFile(): void {
    this.#file?.handle.close();
    this.#file = undefined;
    this.#fileBytes = 0;
  }
}

/** A file that lines are appended to. */
interface OpenFile {
  readonly handle: Deno.FsFile;
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
