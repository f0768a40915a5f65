/** How our server and the client of all servers are started. */

import { fromFileUrl } from "@std/path";
import config from "../../deno.json" with { type: "json" };

/** Writes them to `commands.json` of a folder whose `models` are served. */
export async function writeCommands(folder: string, flags: readonly string[]): Promise<void> {
  const root = fromFileUrl(new URL("../../", import.meta.url));
  const log = `${folder}/log`;
  const [, ...task] = config.tasks.serve.command.split(" ").map((arg) =>
    arg.startsWith("--allow-write=")
      ? `--allow-write=${log}`
      : arg.startsWith("--allow-read=")
      ? `${arg},${folder}`
      : arg
  );
  const script = (name: string) => [
    ...[Deno.execPath(), "run", "--quiet", "--allow-all", `--config=${root}/deno.json`],
    `${root}/bench/sides/${name}`,
  ];
  await Deno.writeTextFile(
    `${folder}/commands.json`,
    JSON.stringify({
      root,
      server: [
        Deno.execPath(),
        ...task,
        ...["--models-folder", `${folder}/models`, "--prediction-log", log, ...flags],
      ],
      client: script("http_client.ts"),
      bare: script("bare_onnx.ts"),
    }),
  );
}
