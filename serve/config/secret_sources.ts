/** Settings in which references to secrets have been followed. */

import { isSecretReference, readSecret } from "../../src/base/mod.ts";
import type { Sources } from "./read.ts";
import { flagOf, secrets, type SettingName, settingVariable } from "./schema.ts";

/**
 * The same sources, with secrets in place of the references that flags and variables of secret
 * settings hold: one for all keys, or one in place of a key, as in `alice=vault:kv/alice#key`.
 *
 * @throws as {@linkcode readSecret}.
 */
export async function followSecrets(sources: Sources): Promise<Sources> {
  const args = [...sources.args];
  const variables = new Map<string, string>();
  const follow = async (name: SettingName, text: string) => {
    const parts = await Promise.all(text.split(",").map((part) => followPart(name, part, sources)));
    return parts.join(",");
  };
  for (const name of secrets) {
    const flag = `--${flagOf(name)}`;
    for (const [at, arg] of args.entries()) {
      if (arg === flag && at + 1 < args.length) args[at + 1] = await follow(name, args[at + 1]);
      else if (arg.startsWith(`${flag}=`)) {
        args[at] = `${flag}=${await follow(name, arg.slice(flag.length + 1))}`;
      }
    }
    const variable = settingVariable(name);
    const text = sources.env(variable);
    if (text) variables.set(variable, await follow(name, text));
  }
  return { ...sources, args, env: (name) => variables.get(name) ?? sources.env(name) };
}

async function followPart(name: SettingName, part: string, { env }: Sources): Promise<string> {
  const [, head, reference] = /^(\s*(?:[\w.-]+=)?)(.*)$/s.exec(part)!;
  if (!isSecretReference(reference)) return part;
  const text = await readSecret(reference, settingVariable(name), env);
  // One key per line, as in files.
  return head.trimStart() + text.replaceAll(/\s*\n\s*/g, ",");
}
