/** What was run in a kernel. */

type Entry = readonly [session: number, line: number, source: string];

/** The cells that were run, by their count. */
export class CellHistory {
  readonly #entries: Entry[] = [];

  /** Adds a cell. */
  add(count: number, source: string): void {
    this.#entries.push([1, count, source]);
  }

  /** What a `history_request` asks for. */
  find(request: Readonly<Record<string, unknown>>): Entry[] {
    const number = (name: string, otherwise: number) =>
      typeof request[name] === "number" ? request[name] as number : otherwise;
    const last = (entries: Entry[]) =>
      entries.slice(-Math.max(0, number("n", 1000)) || entries.length);
    switch (request.hist_access_type) {
      case "range":
        return this.#entries.filter(([, line]) =>
          line >= number("start", 0) && line < number("stop", Infinity)
        );
      case "search": {
        const glob = String(request.pattern ?? "*").replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
        const pattern = new RegExp(`^${glob.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
        const found = this.#entries.filter(([, , source]) => pattern.test(source));
        if (request.unique !== true) return last(found);
        return last([...new Map(found.map((entry) => [entry[2], entry])).values()]);
      }
      default:
        return last([...this.#entries]);
    }
  }
}
