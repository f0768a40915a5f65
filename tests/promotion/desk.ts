/** The command line of models in this process, with what it says. */

import { runModelsCli } from "../../src/promotion/mod.ts";

/** What a command said. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command. */
export async function models(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const said = { out: "", err: "" };
  const sink = (name: keyof typeof said) => ({
    write: (text: string) => void (said[name] += text),
    size: () => undefined,
  });
  const code = await runModelsCli(args, {
    stdout: sink("out"),
    stderr: sink("err"),
    env: (name) => ({ USER: "ada", ...env })[name],
    signal: new AbortController().signal,
  });
  return { code, ...said };
}
