// A line that reads every lane at an instant: by pointer, by touch, and as a slider by keys.
// @ts-check
import { instant, number, percent, say } from "./told.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * @typedef {object} Signal columns of what is drawn; null is not measured
 * @property {string} name
 * @property {string} family
 * @property {number} start
 * @property {number} step
 * @property {number[]} edges
 * @property {(number | null)[]} low
 * @property {(number | null)[]} high
 * @property {number[]} missing
 * @property {(number | null)[]} [base]
 */
/** @typedef {{ measured: number[][], states: [string, number, number][], signals: Signal[] }} Values */

/**
 * @param {Element} box of the picture
 * @param {Element} section that holds box and readout
 * @param {string} zone of the place
 * @param {DOMStringMap} words
 */
export function makeCursor(box, section, zone, words) {
  const slider = /** @type {HTMLInputElement} */ (box.querySelector(".reader"));
  const readout = /** @type {HTMLElement} */ (section.querySelector(".readout"));
  const [when, told] = [".at", ".read"].map((name) => /** @type {HTMLElement} */ (readout.querySelector(name)));
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "cursor");
  /** @type {Promise<Values> | null} */ let values = null;
  /** @type {number | undefined} */ let time;

  const picture = () => /** @type {SVGSVGElement} */ (box.querySelector("svg.span-pic"));
  const told_of = (/** @type {string} */ name) => picture().getAttribute(`data-${name}`) || "";
  const ends = () => [Date.parse(told_of("from")) / 1000, Date.parse(told_of("until")) / 1000];
  const sides = () => [Number(told_of("low")), Number(told_of("high"))];

  /** @param {number} x of the client @returns {number} the instant under it */
  function timeAt(x) {
    const shape = picture().getBoundingClientRect();
    const [[from, until], [low, high]] = [ends(), sides()];
    const share = (((x - shape.left) / shape.width) * picture().viewBox.baseVal.width - low) / (high - low);
    return from + Math.min(Math.max(share, 0), 1) * (until - from);
  }

  function fetchValues() {
    const query = new URLSearchParams({ from: told_of("from"), until: told_of("until"), part: "values" });
    return fetch(`${location.pathname}?${query}`).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  /** @param {number} at @param {boolean} aloud whether it is announced */
  async function read(at, aloud) {
    time = at;
    const [[from, until], [low, high]] = [ends(), sides()];
    const x = low + ((at - from) / (until - from)) * (high - low);
    line.setAttribute("d", `M${x.toFixed(1)} 18V${picture().viewBox.baseVal.height}`);
    picture().append(line);
    when.textContent = instant(at, zone);
    slider.setAttribute("aria-valuetext", when.textContent);
    slider.value = String(Math.round(((at - from) / (until - from)) * Number(slider.max)));
    told.setAttribute("aria-live", aloud ? "polite" : "off");
    try {
      values = values || fetchValues();
      const known = await values;
      if (time === at) told.replaceChildren(...reading(known, at, words));
    } catch {
      values = null;
      told.textContent = words.failed || "";
    }
  }

  /** Take the bins of what is shown now: a slider moves by one of them. */
  function renew() {
    values = null;
    const [from, until] = ends();
    slider.max = String(Math.max(Math.round((until - from) / stepOf(until - from)), 1));
    if (time !== undefined && time >= from && time <= until) read(time, false);
    else clear();
  }

  function clear() {
    time = undefined;
    line.remove();
    when.textContent = "";
  }

  slider.hidden = readout.hidden = false;
  slider.addEventListener("input", () => {
    const [from, until] = ends();
    read(from + (Number(slider.value) / Number(slider.max)) * (until - from), true);
  });
  box.addEventListener("pointermove", (raw) => {
    const event = /** @type {PointerEvent} */ (raw);
    const over = /** @type {Element} */ (event.target).closest("svg");
    if (over && event.pointerType !== "touch") read(timeAt(event.clientX), false);
  });
  box.addEventListener("click", (raw) => {
    const event = /** @type {MouseEvent} */ (raw);
    if (/** @type {Element} */ (event.target).closest("svg")) read(timeAt(event.clientX), true);
  });
  slider.addEventListener("keydown", (event) => {
    if (event.key === "Escape") clear();
  });
  renew();
  return { at: () => time, timeAt, renew, say: (/** @type {string} */ text) => announce(told, text) };
}

/** @param {HTMLElement} where @param {string} text */
function announce(where, text) {
  where.setAttribute("aria-live", "polite");
  where.textContent = text;
}

/** @param {number} length of the span, s @returns {number} width of a step of the slider: a bucket at most */
function stepOf(length) {
  return Math.max(length / 480, 60);
}

/**
 * What every lane says at an instant.
 * @param {Values} known
 * @param {number} at
 * @param {DOMStringMap} words
 */
function reading(known, at, words) {
  const state = document.createElement("span");
  state.className = "state";
  state.textContent = words[stateAt(known, at)] || "";
  return [state, ...known.signals.map((signal) => lane(signal, at, words))];
}

/** @param {Values} known @param {number} at */
function stateAt(known, at) {
  const found = known.states.find(([, start, until]) => start <= at && at < until);
  if (found) return found[0];
  return known.measured.some(([start, until]) => start <= at && at < until) ? "up" : "unknown";
}

/** @param {Signal} signal @param {number} at @param {DOMStringMap} words */
function lane(signal, at, words) {
  const shown = document.createElement("span");
  const [name, value] = [document.createElement("span"), document.createElement("b")];
  name.textContent = `${signal.name} `;
  const bin = (at - signal.start) / signal.step;
  const i = signal.edges.findIndex((edge, k) => edge <= bin && bin < signal.edges[k + 1]);
  value.textContent = i < 0 ? words.unknown || "" : valueOf(signal, i, words);
  const beside = i < 0 ? [] : besides(signal, i, words);
  shown.append(name, value, beside.length ? ` · ${beside.join(" · ")}` : "");
  return shown;
}

/** @param {Signal} signal @param {number} i @param {DOMStringMap} words */
function valueOf(signal, i, words) {
  const [low, high] = [signal.low[i], signal.high[i]];
  if (low === null || high === null) return words.unknown || "";
  if (low === high) return number(low);
  return say(words.range || "", { low: number(low), high: number(high) });
}

/** @param {Signal} signal @param {number} i @param {DOMStringMap} words */
function besides(signal, i, words) {
  const [found, low, base] = [[], signal.low[i], signal.base ? signal.base[i] : null];
  if (base !== null && low !== null && base > 0) {
    found.push(`${say(words.base || "", { base: number(base) })} (${percent(low / base)})`);
  }
  const of = signal.edges[i + 1] - signal.edges[i];
  if (signal.missing[i] && low !== null) {
    found.push(say(words.some || "", { n: number(signal.missing[i]), of: number(of) }));
  }
  return found;
}
