/**
 * What a benchmark suite declares. A suite is one file below `bench/suites/`
 * whose default export is a {@link Suite}; the runner finds it by its name.
 */

/** A script below `bench/` that runs in a process of its own: TypeScript in Deno, else Python. */
export interface Command {
  /** Path below `bench/`, ending in `.ts` or `.py`. */
  readonly script: string;
  /** Handed to the script as JSON beside {@link SideArguments}. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What every script is told, as JSON in its first argument. */
export interface SideArguments {
  /** Folder with the prepared data of this size. */
  readonly folder: string;
  /** Rows, or whatever else the size of the suite counts. */
  readonly rows: number;
  /** Threads that may compute at a time. */
  readonly threads: number;
  /** Seed of this round. */
  readonly seed: number;
}

/** Somebody else's implementation. */
export interface Peer {
  /** The command that measures it. */
  readonly command: Command;
  /** Python packages whose versions are told. */
  readonly packages: readonly string[];
  /** Pinned packages, a file below `bench/`, of a peer that does not get along with the others. */
  readonly requirements?: string;
}

/** What is aimed at, judged on the medians. */
export interface Target {
  /** Least `peer_s / ours_s`. */
  readonly timeRatio: number;
  /** Most `ours_mb / peer_mb`. */
  readonly memoryShare?: number;
  /** Whether our quality will do beside that of all peers of the case. */
  readonly quality?: {
    /** What is wanted, as `at most 0.005 lower`. */
    readonly wanted: string;
    /** Judges it. */
    readonly holds: (ours: number, peers: readonly number[]) => boolean;
  };
}

/** One line of work, ours beside one or more peers. */
export interface BenchCase {
  /** Name in the table. */
  readonly name: string;
  /** The command that measures ours. */
  readonly ours: Command;
  /** The peers by name. */
  readonly peers: Readonly<Record<string, Peer>>;
  /** What the quality is, undefined if there is none. */
  readonly quality?: string;
  /** What is aimed at, undefined if nothing is. */
  readonly target?: Target;
  /** The only size, whatever `--rows` says, of a case whose name tells it. */
  readonly size?: number;
  /** Sizes above this one are left out, as they would take hours. */
  readonly maxRows?: number;
  /** Rounds unless `--rounds` says otherwise; default 5. */
  readonly rounds?: number;
}

/** Cases that belong together. */
export interface Suite {
  /** Name on the command line, that of the file. */
  readonly name: string;
  /** What is measured, one sentence. */
  readonly description: string;
  /** Pinned Python packages, a file below `bench/`; default `requirements.txt`. */
  readonly requirements?: string;
  /** Sizes unless `--rows` or a case says otherwise; default 10,000 and 100,000. */
  readonly sizes?: readonly number[];
  /** Commands that fill the folder of a size before anything is measured. */
  readonly prepare: readonly Command[];
  /** The cases. */
  readonly cases: readonly BenchCase[];
}
