/** When the clocks of a time zone are changed. */

const DAY = 24 * 3600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock of a zone shows beyond UTC, in milliseconds. */
export function offsetAt(timeZone: string, time: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const digits = { year: "numeric", month: "numeric", day: "numeric" } as const;
    const clock = { hour: "numeric", minute: "numeric", second: "numeric" } as const;
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone, calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23" },
      ...digits,
      ...clock,
    });
    formats.set(timeZone, format);
  }
  const whole = Math.floor(time / 1000) * 1000;
  const part = Object.fromEntries(
    format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]),
  );
  const shown = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return shown - whole;
}

/** The first change of a zone's clock after `from` and not after `to`; the moment that it is. */
export function transitionIn(timeZone: string, from: number, to: number): number | undefined {
  const before = offsetAt(timeZone, from);
  for (let low = from; low < to; low = Math.min(low + DAY, to)) {
    const high = Math.min(low + DAY, to);
    if (offsetAt(timeZone, high) !== before) return changeBetween(timeZone, low, high);
  }
}

function changeBetween(timeZone: string, from: number, to: number): number {
  const before = offsetAt(timeZone, from);
  let [low, high] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(timeZone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}
