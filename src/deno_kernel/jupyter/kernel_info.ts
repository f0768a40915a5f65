/** What the kernel says of itself. */

import { PROTOCOL } from "./message.ts";

/** The answer to `kernel_info_request`. */
export const kernelInfo = {
  protocol_version: PROTOCOL,
  implementation: "dinoflow",
  implementation_version: "0.1.0",
  language_info: {
    name: "typescript",
    version: Deno.version.typescript,
    mimetype: "text/x.typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `Dinoflow on Deno ${Deno.version.deno}, TypeScript ${Deno.version.typescript}`,
  help_links: [{ text: "Deno", url: "https://docs.deno.com/" }],
  debugger: false,
  supported_features: [],
};
