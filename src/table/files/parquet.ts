/** Parquet files by parts. */

/** What reads and writes them. It loads a native library: only where it is asked for. */
export const parquet = (): Promise<typeof import("./scan.ts")> => import("./scan.ts");
