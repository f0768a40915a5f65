/** `GET /advice`: a page to ask at; what is asked and answered is put in by its script, as text. */

import type { Extension } from "../http/extension.ts";
import { addOwnPage } from "../http/own_page.ts";

/** The routes of the page. */
export function advicePage(): Extension {
  return {
    paths: [],
    add: (app, gate) => addOwnPage(app, gate, "/advice", new URL("page/", import.meta.url)),
  };
}
