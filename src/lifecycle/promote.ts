/** A registered model made champion or challenger, if the checklist lets it. */

import { UserError } from "../base/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import { runModelsCli } from "../promotion/mod.ts";
import type { Registration } from "./register.ts";
import type { StageParams } from "./stage_params.ts";

/** What became of a version. */
export interface Promoted extends Registration {
  /** What it is now, if it was moved. */
  readonly alias?: "champion" | "challenger";
  /** What the checklist refused. */
  readonly refused: readonly string[];
}

const REFUSED = 3;

const commandOf = { champion: "promote", challenger: "challenger" } as const;

/**
 * Sends the version through the checklist.
 *
 * @throws {UserError} if the alias could not be moved, which is no refusal.
 */
export const promoteStep = stepFunction(
  import.meta.url,
  "promoteStep",
  async (
    { then, models, tracking }: { then: StageParams["then"]; models: string; tracking: string },
    { registered }: { registered: Registration },
    { log, signal, run }: StepContext,
  ): Promise<Promoted> => {
    const { name, version } = registered;
    if (version === undefined || then === "nothing") return { ...registered, refused: [] };
    const lines: string[] = [];
    const sink = { write: (text: string) => void lines.push(...text.trimEnd().split("\n")) };
    const code = await runModelsCli(
      [
        ...[commandOf[then], name, version, "--models", models],
        ...["--by", run.pipeline, "--why", `trained by run ${run.partOf ?? run.id}`],
      ],
      {
        stdout: { ...sink, size: () => undefined },
        stderr: { ...sink, size: () => undefined },
        env: (variable) => variable === "MLFLOW_TRACKING_URI" ? tracking : Deno.env.get(variable),
        signal,
      },
    );
    signal.throwIfAborted();
    log(lines.join("\n"));
    if (code === 0) return { ...registered, alias: then, refused: [] };
    if (code !== REFUSED) {
      throw new UserError(`Cannot make ${name} ${version} the ${then}: ${lines.at(-1)}`, {
        next: `see what is wrong: deno task models ${commandOf[then]} ${name} ${version}`,
      });
    }
    const refused = lines.filter((line) => /^\s*refused\b/.test(line)).map((line) => line.trim());
    return { ...registered, refused };
  },
);
