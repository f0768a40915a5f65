/** A disk that is soon full. */

import { succeeds } from "./program.ts";

/** Whether this machine lets a test mount a disk of its own. */
export const mayMount: boolean = Deno.build.os === "linux" &&
  await succeeds("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt");

/**
 * The command that mounts 64 KiB of memory as `folder`, which no other process sees, and runs
 * another one there.
 */
export function onSmallDisk(folder: string, command: readonly string[]): string[] {
  const mount =
    `mkdir -p ${folder} && mount -t tmpfs -o size=64k tmpfs ${folder} && exec "$0" "$@"`;
  return ["unshare", "-rm", "bash", "-c", mount, ...command];
}
