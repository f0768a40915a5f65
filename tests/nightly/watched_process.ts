/** What a process holds while it works: memory and open files, from Linux's `/proc`. */

/** Looks at a process, in their order. */
export interface Watched {
  /** Bytes of resident memory. */
  readonly memory: readonly number[];
  /** Open files and sockets. */
  readonly files: readonly number[];
}

/** Seconds between two looks. */
const EVERY = 1;
/** The share of the looks that is not counted: all is being warmed up. */
const WARM_UP = 0.25;

/** Looks at a process as long as it goes on. */
export async function watchProcess(pid: number, goesOn: () => boolean): Promise<Watched> {
  const memory: number[] = [];
  const files: number[] = [];
  while (goesOn()) {
    const status = await Deno.readTextFile(`/proc/${pid}/status`);
    memory.push(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024);
    files.push((await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length);
    await new Promise((resolve) => setTimeout(resolve, EVERY * 1000));
  }
  return { memory, files };
}

/** By how much the median of the last third is above that of the first, once all is warm. */
export function grownBy(
  { memory, files }: Watched,
): { memory: { bytes: number; share: number }; files: number } {
  const between = (looks: readonly number[]) => {
    const warm = looks.slice(Math.floor(looks.length * WARM_UP));
    const third = Math.max(1, Math.floor(warm.length / 3));
    return [median(warm.slice(0, third)), median(warm.slice(-third))];
  };
  const [first, last] = between(memory);
  const [few, many] = between(files);
  return { memory: { bytes: last - first, share: (last - first) / first }, files: many - few };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}
