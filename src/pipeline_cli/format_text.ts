/** Deno's formatter, so that what is written passes `deno fmt --check`. */

import { denoCommand } from "../base/mod.ts";

/** Characters of a line, as everywhere in the project. */
const WIDTH = 100;

/**
 * Formats TypeScript.
 *
 * @throws {Error} if it is none.
 */
export async function formatText(text: string): Promise<string> {
  const command = await denoCommand(
    ["fmt", "--no-config", `--line-width=${WIDTH}`, "--ext=ts", "-"],
    { stdin: "piped", stdout: "piped", stderr: "piped" },
  );
  const process = command.spawn();
  const [{ success, stdout, stderr }] = await Promise.all([
    process.output(),
    new Blob([text]).stream().pipeTo(process.stdin),
  ]);
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot format what was written: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}
