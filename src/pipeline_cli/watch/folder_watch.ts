/** Tells when something happens in folders, once it is quiet again. */

import { dirname } from "../../base/mod.ts";

/** Milliseconds without a further event after which a change counts as complete. */
const QUIET = 100;

/** Watches folders; editors that replace files instead of writing them are seen too. */
export class FolderWatch implements Disposable {
  readonly #watchers = new Map<string, Deno.FsWatcher>();
  readonly #touched = new Set<string>();
  #next = Promise.withResolvers<readonly string[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The paths of the next burst of events, told when it is over. */
  next(): Promise<readonly string[]> {
    return this.#next.promise;
  }

  /** Watches a file by its folder, a folder with all in it, and for one to be made. */
  async follow(path: string): Promise<void> {
    const info = await Deno.stat(path).catch(() => undefined);
    if (info?.isDirectory) this.#open(path, true);
    let folder = dirname(path);
    while (!await isFolder(folder) && dirname(folder) !== folder) folder = dirname(folder);
    this.#open(folder, false);
  }

  /** Ends all watching. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #open(folder: string, recursive: boolean): void {
    const key = `${folder} ${recursive}`;
    if (this.#watchers.has(key)) return;
    const watcher = Deno.watchFs(folder, { recursive });
    this.#watchers.set(key, watcher);
    void this.#listen(watcher);
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths } of watcher) {
      if (kind === "access") continue;
      for (const path of paths) this.#touched.add(path);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#tell(), QUIET);
    }
  }

  #tell(): void {
    const { resolve } = this.#next;
    this.#next = Promise.withResolvers();
    resolve([...this.#touched]);
    this.#touched.clear();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}
