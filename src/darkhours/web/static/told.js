// Numbers and instants in the language of the page.
// @ts-check
import { isUtc } from "./clock.js";

const told = document.documentElement.lang || "en";
const language = told === "en" ? "en-GB" : told; // the order of the day and the month as on the page

/**
 * Fill the braces of a sentence that the server wrote.
 * @param {string} sentence such as "{n} of {of} bins"
 * @param {Record<string, string>} values
 */
export function say(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(language, { maximumSignificantDigits: 5 }).format(value);
}

/** @param {number} share of 1 */
export function percent(share) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/**
 * An instant in both readings, the chosen one first.
 * @param {number} second since 1970
 * @param {string} zone of the place
 */
export function instant(second, zone) {
  const [local, utc] = [reading(second, zone), `${reading(second, "UTC")} UTC`];
  return isUtc() ? `${utc} (${local})` : `${local} (${utc})`;
}

/**
 * @param {number} second
 * @param {string} zone
 */
function reading(second, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const form = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const calendar = `${language}-u-ca-gregory`; // the calendar of everything else on the page
  try {
    return new Intl.DateTimeFormat(calendar, { ...form, timeZone: zone }).format(second * 1000);
  } catch {
    return new Intl.DateTimeFormat(calendar, { ...form, timeZone: "UTC" }).format(second * 1000);
  }
}
