/** What Deno prints into the standard error of cells. */

/** The text without what Deno says of its own work, which is another each time. */
export function withoutDeno(text: string): string {
  return /(?:Download|Initialize|╭)/.test(text) ? text.replaceAll(OWN_LINES, "") : text;
}

const COLOURS = "(?:\\x1b\\[[\\d;]*m)*";

/** Packages as they come, and the box of those whose scripts are not run. */
const OWN_LINES = new RegExp(
  `^${COLOURS}(?:(?:Download|Initialize)${COLOURS} \\S+\\n|` +
    `╭${COLOURS} ${COLOURS}Warning[\\s\\S]*?\\n${COLOURS}╰─${COLOURS}\\n)`,
  "gm",
);
