/** Up to when the run times of each pipeline are dealt with, kept over restarts. */

import { ifPresent, join, UserError, writeFileAtomic } from "../../base/mod.ts";

/** Times by pipeline, in a file of a folder. One scheduler at a time works with it. */
export class ScheduleState implements Disposable {
  readonly #handled: Map<string, string>;
  #written: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly lock: Deno.FsFile,
    handled: Record<string, string>,
  ) {
    this.#handled = new Map(Object.entries(handled));
  }

  /** Opens the times in `folder`. @throws {UserError} while another scheduler has them open. */
  static async open(folder: string): Promise<ScheduleState> {
    await Deno.mkdir(folder, { recursive: true });
    const lock = await Deno.open(join(folder, "lock"), { create: true, write: true });
    if (!await lock.tryLock(true)) {
      lock.close();
      throw new UserError("Cannot schedule: another scheduler works in this project", {
        next: "let it run, or end it first",
      });
    }
    const path = join(folder, "state.json");
    return new ScheduleState(path, lock, await readTimes(path));
  }

  /** The last time that was dealt with. */
  handled(pipeline: string): Date | undefined {
    const at = this.#handled.get(pipeline);
    return at === undefined ? undefined : new Date(at);
  }

  /** Keeps that all times up to `at` are dealt with. */
  async handle(pipeline: string, at: Date): Promise<void> {
    this.#handled.set(pipeline, at.toISOString());
    const text = JSON.stringify(Object.fromEntries(this.#handled), null, 2);
    this.#written = this.#written.then(() => writeFileAtomic(this.path, `${text}\n`));
    await this.#written;
  }

  /** Lets another scheduler in. */
  [Symbol.dispose](): void {
    this.lock.close();
  }
}

async function readTimes(path: string): Promise<Record<string, string>> {
  return JSON.parse(await ifPresent(Deno.readTextFile(path)) ?? "{}");
}
