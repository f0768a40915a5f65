/** Colours of a terminal; plain text where the user wants none (`NO_COLOR`). */

function style(on: number, off: number): (text: string) => string {
  return (text) => Deno.noColor ? text : `\x1b[${on}m${text}\x1b[${off}m`;
}

/** Each takes a text and gives it in its style. */
export const bold = style(1, 22), dim = style(2, 22);
/** Each takes a text and gives it in its colour. */
export const red = style(31, 39), green = style(32, 39), yellow = style(33, 39);
/** The colour of what is under way. */
export const cyan = style(36, 39);
