/** Values that cross to a process of its own and back, as files in a folder. */

import { join } from "../../base/mod.ts";
import type { RunInfo } from "../../run_events/mod.ts";
import type { Encoded } from "../../artifact_store/mod.ts";
import type { StepRequest } from "./request.ts";

/** Folder of what the step returns; the only one of the parcel that it may write. */
export const OUTPUT = "output";

/** Writes a value: its document, and each blob under its digest. */
export async function writeEncoded(folder: string, { document, blobs }: Encoded): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [digest, bytes] of blobs) await Deno.writeFile(join(folder, digest), bytes);
  await Deno.writeFile(join(folder, "document.json"), document);
}

/** Reads what {@link writeEncoded} wrote. */
export async function readEncoded(folder: string): Promise<Encoded> {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== "document.json") blobs.set(name, await Deno.readFile(join(folder, name)));
  }
  return { document: await Deno.readFile(join(folder, "document.json")), blobs };
}

/** Writes a request into an empty folder. */
export async function writeRequest(folder: string, request: StepRequest): Promise<void> {
  const { file, unit, run, params, inputs } = request;
  await writeEncoded(join(folder, "params"), params);
  await writeEncoded(join(folder, "inputs"), inputs);
  await Deno.mkdir(join(folder, OUTPUT));
  await Deno.writeTextFile(join(folder, "request.json"), JSON.stringify({ file, unit, run }));
}

/** Reads a request. */
export async function readRequest(folder: string): Promise<StepRequest> {
  const { file, unit, run } = JSON.parse(await Deno.readTextFile(join(folder, "request.json"))) as
    & Pick<StepRequest, "file" | "unit">
    & { run: Omit<RunInfo, "startedAt"> & { startedAt: string } };
  return {
    type: "run",
    file,
    unit,
    run: { ...run, startedAt: new Date(run.startedAt) },
    params: await readEncoded(join(folder, "params")),
    inputs: await readEncoded(join(folder, "inputs")),
  };
}
