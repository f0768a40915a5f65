/**
 * Figures as plotly JSON and self-contained HTML pages.
 *
 * @module
 */

export { type Bar, barFigure, confusionFigure, type Figure } from "./figure.ts";
export { page, type Section, type TableSection } from "./page.ts";
