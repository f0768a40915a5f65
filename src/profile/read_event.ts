/** From raw cells to an event, or what is wrong with them. */

import type { EventFault, ProfileEvent, ProfileSpec } from "./spec.ts";

/** A moment as it may be written; a zone may follow, without one it is UTC. */
const written =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** Characters that a fault shows of a value. */
const SHOWN = 40;

/** All columns that a spec names, in their order. */
export function eventColumns(spec: ProfileSpec): string[] {
  const { entity, time, amount, currency, category, merchant, place } = spec;
  const optional = [currency?.column, category, merchant, place?.latitude, place?.longitude];
  return [entity, time, amount, ...optional].filter((name) => name !== undefined);
}

/**
 * Reads an event. Entity, time and amount have to be there; a currency that is told has to be
 * the declared one.
 *
 * @param faults Gets everything that is wrong.
 * @returns Undefined if something is.
 */
export function readEvent(
  spec: ProfileSpec,
  cells: (column: string) => unknown,
  faults: EventFault[],
): ProfileEvent | undefined {
  const before = faults.length;
  const refuse = (column: string, wanted: string) => {
    const cell = cells(column);
    const shown = cell === undefined || cell === null || cell === ""
      ? "nothing is there"
      : `found ${JSON.stringify(cell)?.slice(0, SHOWN)}`;
    faults.push({ column, fault: `${shown}, wanted ${wanted}` });
    return NaN;
  };
  const text = (column: string | undefined): string => {
    const cell = column === undefined ? undefined : cells(column);
    if (typeof cell === "string" || typeof cell === "number") return String(cell).trim();
    if (cell !== undefined && cell !== null) refuse(column!, "a text or nothing");
    return "";
  };
  const number = (column: string, wanted: string, low: number, high: number, needed: boolean) => {
    const cell = cells(column);
    const value = typeof cell === "string" && cell.trim() !== "" ? Number(cell) : cell;
    if ((value === null || value === undefined || value === "") && !needed) return NaN;
    return typeof value === "number" && value >= low && value <= high
      ? value
      : refuse(column, wanted);
  };
  const entity = text(spec.entity);
  if (entity === "" && faults.length === before) refuse(spec.entity, "whose event it is");
  const moment = cells(spec.time);
  const found = typeof moment === "string" ? written.exec(moment.trim()) : null;
  const iso = found === null ? "" : `${found[0].replace(" ", "T")}`;
  const zoned = iso.length <= 10 || found?.[1] !== undefined ? iso : `${iso}Z`;
  const time = found === null ? NaN : Date.parse(zoned);
  if (Number.isNaN(time)) refuse(spec.time, "a moment, as 2026-01-31T10:00:00Z");
  const amount = number(spec.amount, "a number", -1e12, 1e12, true);
  if (spec.currency !== undefined) {
    const { column, is } = spec.currency;
    const currency = text(column);
    if (currency !== "" && currency !== is) refuse(column, `amounts in ${is}`);
  }
  const degrees = (column: string | undefined, most: number) =>
    column === undefined
      ? NaN
      : number(column, `degrees from −${most} to ${most}`, -most, most, false);
  const event = {
    ...{ entity, time, amount, category: text(spec.category), merchant: text(spec.merchant) },
    latitude: degrees(spec.place?.latitude, 90),
    longitude: degrees(spec.place?.longitude, 180),
  };
  return faults.length > before ? undefined : event;
}
