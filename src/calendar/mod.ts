/**
 * What the calendar says of days and months: public holidays by country and region, features.
 *
 * @module
 */

export { type CalendarFeatures, calendarFeatures } from "./calendar_features.ts";
export {
  type Holiday,
  holidayCountries,
  type HolidayPlace,
  holidaysBetween,
  holidayYears,
  movingHolidays,
} from "./holidays.ts";
