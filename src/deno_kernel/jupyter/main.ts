/** Entry of the kernel that Jupyter starts: the connection file is its argument. */

import { readConnection } from "./connection.ts";
import { UsageError } from "../../base/mod.ts";
import { JupyterServer } from "./server.ts";
import type { TypeCheck } from "./type_checks.ts";
import { LanguageServer } from "../language/language_server.ts";

if (import.meta.main) {
  const cwd = Deno.cwd();
  await using language = new LanguageServer(cwd);
  await using server = new JupyterServer(
    await readConnection(Deno.args[0]),
    cwd,
    language,
    typeCheck(Deno.env.get("DINOFLOW_TYPES")),
  );
  // Front ends interrupt by message; the key is for the terminal that started them.
  Deno.addSignalListener("SIGINT", () => {});
  await Promise.race([server.ended, terminated()]);
}

function typeCheck(setting = "warn"): TypeCheck {
  if (setting === "off" || setting === "warn" || setting === "error") return setting;
  throw new UsageError(`Cannot use DINOFLOW_TYPES=${setting}`, { next: "give off, warn or error" });
}

function terminated(): Promise<void> {
  if (Deno.build.os === "windows") return new Promise(() => {});
  return new Promise((resolve) => Deno.addSignalListener("SIGTERM", () => resolve()));
}
