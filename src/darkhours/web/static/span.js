// Zoom and pan in time: every range is drawn anew by the server, so that no peak and no gap is lost.
// @ts-check
import { makeCursor } from "./cursor.js";
import { bindGestures } from "./gestures.js";
import { instant, say } from "./told.js";
import { showEvidence } from "./windows.js";

/** @typedef {{ from: number, until: number }} Span seconds since 1970 */

const [MIN_S, MAX_S] = [3600, 1095 * 86400];
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @param {Element} box of the picture */
export function makeSpan(box) {
  const section = /** @type {HTMLElement} */ (box.closest("section"));
  const words = /** @type {HTMLElement} */ (section.querySelector(".words")).dataset;
  const zone = box.getAttribute("data-zone") || "UTC";
  const cursor = makeCursor(box, section, zone, words);
  /** @type {Span} */ let shown = spanOf(box);
  /** @type {Span} */ let wanted = shown;
  /** @type {AbortController | null} */ let asking = null;
  let waiting = 0;

  /**
   * Show a span: at once as a stretched picture, and soon as a drawing of its own.
   * @param {Span} span
   * @param {number} [delay] ms to wait whether more is asked
   */
  function go(span, delay = 0) {
    wanted = bounded(span);
    preview(box, shown, wanted);
    clearTimeout(waiting);
    waiting = window.setTimeout(load, delay);
  }

  async function load() {
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    const query = new URLSearchParams(location.search);
    query.set("from", iso(wanted.from));
    query.set("until", iso(wanted.until));
    const address = `${location.pathname}?${query}`;
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${address}&part=picture`, { signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      swap(await answer.text());
      history.replaceState(null, "", address);
      shown = wanted = spanOf(box);
      cursor.renew();
      const [start, until] = [shown.from, shown.until].map((at) => instant(at, zone));
      cursor.say(say(words.shown || "", { start, until }));
    } catch (error) {
      if (mine.signal.aborted) return; // something newer was asked
      wanted = shown;
      cursor.say(words.failed || "");
    }
    box.removeAttribute("aria-busy");
    preview(box, shown, shown);
  }

  /** @param {number} factor of length @param {number} [at] instant that stays where it is */
  function zoom(factor, at = (wanted.from + wanted.until) / 2, delay = 0) {
    const length = Math.min(Math.max((wanted.until - wanted.from) * factor, MIN_S), MAX_S);
    const share = (at - wanted.from) / (wanted.until - wanted.from);
    go({ from: at - share * length, until: at + (1 - share) * length }, delay);
  }

  /** @param {number} share of the length, to the right where positive */
  function pan(share, delay = 0) {
    const by = (wanted.until - wanted.from) * share;
    go({ from: wanted.from + by, until: wanted.until + by }, delay);
  }

  const tools = /** @type {HTMLElement} */ (section.querySelector(".tools"));
  const acts = { in: () => zoom(0.5), out: () => zoom(2), earlier: () => pan(-0.5), later: () => pan(0.5) };
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const name = /** @type {Element} */ (event.target).closest("button")?.dataset.do;
    if (name) acts[/** @type {keyof typeof acts} */ (name)]();
  });
  box.addEventListener("keydown", (raw) => {
    const event = /** @type {KeyboardEvent} */ (raw);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") zoom(0.5, cursor.at(), 150);
    else if (event.key === "-") zoom(2, cursor.at(), 150);
    else if (event.shiftKey && event.key === "ArrowLeft") pan(-0.25, 150);
    else if (event.shiftKey && event.key === "ArrowRight") pan(0.25, 150);
    else return;
    event.preventDefault();
  });
  bindGestures(box, { go, zoom, pan, wanted: () => wanted, timeAt: cursor.timeAt });
}

/**
 * Put a fragment of the server in the place of what is shown; what has the focus is kept.
 * @param {string} text
 */
function swap(text) {
  const made = new DOMParser().parseFromString(text, "text/html");
  for (const part of made.querySelectorAll("[data-part]")) {
    const old = document.querySelector(`[data-part="${part.getAttribute("data-part")}"]`);
    const held = old?.contains(document.activeElement);
    old?.replaceChildren(...part.childNodes);
    if (held) /** @type {HTMLElement} */ (document.querySelector(".reader")).focus({ preventScroll: true });
  }
  showEvidence(/** @type {Element} */ (document.querySelector('[data-part="picture"]')));
}

/** @param {Element} box @returns {Span} */
function spanOf(box) {
  const picture = /** @type {SVGElement} */ (box.querySelector("svg.span-pic"));
  const [from, until] = ["data-from", "data-until"].map(
    (name) => Date.parse(picture.getAttribute(name) || "") / 1000,
  );
  return { from, until };
}

/** @param {Span} span @returns {Span} with a length that is answered, on whole minutes */
function bounded(span) {
  const middle = (span.from + span.until) / 2;
  const half = Math.min(Math.max(span.until - span.from, MIN_S), MAX_S) / 2;
  const [from, until] = [middle - half, middle + half].map((at) => Math.round(at / 60) * 60);
  return { from, until };
}

/**
 * Stretch what is shown to about what is wanted, until the server has drawn it.
 * @param {Element} box
 * @param {Span} shown
 * @param {Span} wanted
 */
function preview(box, shown, wanted) {
  const picture = /** @type {SVGElement} */ (box.querySelector("svg.span-pic"));
  const same = shown.from === wanted.from && shown.until === wanted.until;
  const factor = (shown.until - shown.from) / (wanted.until - wanted.from);
  const by = ((shown.from - wanted.from) / (wanted.until - wanted.from)) * 100;
  picture.style.transform = same || still.matches ? "" : `translateX(${by}%) scaleX(${factor})`;
}

/** @param {number} second */
function iso(second) {
  return `${new Date(second * 1000).toISOString().slice(0, 16)}Z`;
}
