/** Colours of a terminal; plain text where the user wants none (`NO_COLOR`). */

/** Gives a text in a style. */
export type Style = (text: string) => string;

function style(on: number, off: number): Style {
  return (text) => Deno.noColor ? text : `\x1b[${on}m${text}\x1b[${off}m`;
}

/** Each takes a text and gives it in its style. */
export const bold: Style = style(1, 22), dim: Style = style(2, 22);
/** Each takes a text and gives it in its colour. */
export const red: Style = style(31, 39),
  green: Style = style(32, 39),
  yellow: Style = style(33, 39);
/** The colour of what is under way. */
export const cyan: Style = style(36, 39);
