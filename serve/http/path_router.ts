/** Which handlers a request has: found once for a path that stands for itself. */

import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";

/**
 * A router for any paths. Hono's own takes the slower of its two ways for all
 * paths once a parameter stands beside a word, as in `/v2/models/:model` and
 * `/v2/models/stats`; here paths without parameters are looked up.
 */
export class PathRouter<T> implements Router<T> {
  name = "PathRouter";
  readonly #all: Router<T> = new TrieRouter();
  readonly #words = new Set<string>();
  /** By method, then path. */
  readonly #found = new Map<string, Map<string, Result<T>>>();

  /** Adds a handler of a method (`ALL` for each) and a path. */
  add(method: string, path: string, handler: T): void {
    this.#all.add(method, path, handler);
    if (!/[:*]/.test(path)) this.#words.add(path);
    this.#found.clear();
  }

  /** The handlers of a request, in the order in which they were added. */
  match(method: string, path: string): Result<T> {
    const known = this.#found.get(method)?.get(path);
    if (known !== undefined) return known;
    const found = this.#all.match(method, path);
    // No more than the paths that were added, whatever callers ask for.
    if (this.#words.has(path)) this.#of(method).set(path, found);
    return found;
  }

  #of(method: string): Map<string, Result<T>> {
    const own = this.#found.get(method) ?? new Map<string, Result<T>>();
    this.#found.set(method, own);
    return own;
  }
}
