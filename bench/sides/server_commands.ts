/** How our server and the client of all servers are started. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };

/** The command of our server, its models and prediction log in a folder, and where it runs. */
export function serverCommand(
  folder: string,
  flags: readonly string[],
): { readonly root: string; readonly command: string[] } {
  const root = fromFileUrl(new URL("../../", import.meta.url));
  const log = `${folder}/log`;
  const [, ...task] = config.tasks.serve.command.split(" ").map((arg) =>
    arg.startsWith("--allow-write=")
      ? `--allow-write=${log}`
      : arg.startsWith("--allow-read=")
      ? `${arg},${folder}`
      : arg
  );
  const command = [
    ...[Deno.execPath(), ...task],
    ...["--models-folder", `${folder}/models`, "--prediction-log", log, ...flags],
  ];
  return { root, command };
}

/** Writes them to `commands.json` of a folder whose `models` are served. */
export async function writeCommands(folder: string, flags: readonly string[]): Promise<void> {
  const { root, command: server } = serverCommand(folder, flags);
  const script = (name: string) => [
    ...[Deno.execPath(), "run", "--quiet", "--allow-all", `--config=${root}/deno.json`],
    `${root}/bench/sides/${name}`,
  ];
  const commands = { root, server, client: script("http_client.ts"), bare: script("bare_onnx.ts") };
  await Deno.writeTextFile(`${folder}/commands.json`, JSON.stringify(commands));
}
