/** What could not be sent yet, in files that any process may send later. */

import { ifPresent, join, removeIfPresent, writeFileAtomic } from "../base/mod.ts";

/** Files of documents, each whole or not there. Sending one twice does no harm: each has its id. */
export class Unsent {
  #bytes?: number;

  /** Takes the folder and the bytes that it may hold. */
  constructor(private readonly folder: string, private readonly mostBytes: number) {}

  /**
   * Keeps a body of lines.
   *
   * @returns Whether there was room for it.
   * @throws {Error} if the disk does not take it.
   */
  async keep(body: string): Promise<boolean> {
    this.#bytes ??= await this.#size();
    const bytes = new TextEncoder().encode(body);
    if (this.#bytes + bytes.length > this.mostBytes) {
      this.#bytes = await this.#size(); // others may have sent some
      if (this.#bytes + bytes.length > this.mostBytes) return false;
    }
    // The oldest first, in the order of the alphabet.
    const name = `unsent-${Date.now()}-${crypto.randomUUID().slice(0, 8)}.ndjson`;
    await writeFileAtomic(join(this.folder, name), bytes);
    this.#bytes += bytes.length;
    return true;
  }

  /** Keeps what was refused for what it says, for people to look at. */
  async refuse(lines: readonly string[]): Promise<void> {
    const path = join(this.folder, "refused.ndjson");
    const size = (await ifPresent(Deno.stat(path)))?.size ?? 0;
    if (size > this.mostBytes / 4) return;
    await Deno.mkdir(this.folder, { recursive: true });
    await Deno.writeTextFile(path, lines.map((line) => `${line}\n`).join(""), { append: true });
  }

  /** The files, the oldest first. */
  async list(): Promise<string[]> {
    const names: string[] = [];
    for (const { name } of await ifPresent(this.#entries()) ?? []) {
      if (/^unsent-\d+-\w+\.ndjson$/.test(name)) names.push(name);
    }
    return names.sort().map((name) => join(this.folder, name));
  }

  /** What a file holds; undefined if another process has sent it. */
  async read(path: string): Promise<string | undefined> {
    return await ifPresent(Deno.readTextFile(path));
  }

  /** Removes a file that was sent. */
  async sent(path: string): Promise<void> {
    const size = (await ifPresent(Deno.stat(path)))?.size ?? 0;
    await removeIfPresent(path);
    if (this.#bytes !== undefined) this.#bytes = Math.max(0, this.#bytes - size);
  }

  async #size(): Promise<number> {
    const sizes = await Promise.all(
      (await this.list()).map(async (path) => (await ifPresent(Deno.stat(path)))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async #entries(): Promise<Deno.DirEntry[]> {
    return await Array.fromAsync(Deno.readDir(this.folder));
  }
}
