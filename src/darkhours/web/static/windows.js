// Every window of a strip shows its evidence: what stands in its row of the table below.
// @ts-check
import { hideSoon, hideTip, isTipOf, showTip } from "./tip.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Give windows their tips.
 * @param {ParentNode} part of the page, or all of it
 */
export function showEvidence(part) {
  for (const frame of part.querySelectorAll(".wide rect[data-lane], .tall rect[data-lane]")) coverLane(frame);
  for (const link of part.querySelectorAll('svg a[href^="#w"]')) {
    const row = document.getElementById((link.getAttribute("href") || "#").slice(1));
    if (row instanceof HTMLTableRowElement) listen(link, row);
  }
}

/**
 * Lay a link over every window of an account's lane; it leads to its row.
 * @param {Element} frame the border of the strip, which tells where and when it lies
 */
function coverLane(frame) {
  const lane = frame.getAttribute("data-lane") || "";
  const rows = document.querySelectorAll(`.wins tbody[data-lane="${CSS.escape(lane)}"] tr[id]`);
  const begins = [...rows].map((row) => Date.parse(row.querySelector("time")?.dateTime || ""));
  const [from, until] = ["data-from", "data-until"].map((name) => Date.parse(frame.getAttribute(name) || ""));
  const links = document.createDocumentFragment();
  rows.forEach((row, i) => {
    const end = i + 1 < begins.length ? begins[i + 1] : until;
    const [low, high] = [begins[i], end].map((at) => Math.min(Math.max((at - from) / (until - from), 0), 1));
    if (high > low) links.append(cover(frame, row, low, high));
  });
  frame.after(links);
}

/**
 * @param {Element} frame
 * @param {Element} row
 * @param {number} low share of the strip at which it begins
 * @param {number} high share at which it ends
 */
function cover(frame, row, low, high) {
  const down = Boolean(frame.closest(".tall"));
  const box = ["x", "y", "width", "height"].map((name) => Number(frame.getAttribute(name)));
  const [start, size] = down ? [1, 3] : [0, 2];
  box[start] += low * box[size];
  box[size] *= high - low;
  const [link, rect] = [document.createElementNS(SVG, "a"), document.createElementNS(SVG, "rect")];
  ["x", "y", "width", "height"].forEach((name, i) => rect.setAttribute(name, box[i].toFixed(1)));
  link.setAttribute("class", "hit");
  link.setAttribute("href", `#${row.id}`);
  link.setAttribute("aria-label", (row.querySelector("td")?.textContent || "").trim());
  link.append(rect);
  return link;
}

/**
 * @param {Element} link
 * @param {HTMLTableRowElement} row
 */
function listen(link, row) {
  const show = () => showTip(link, evidence(row));
  let touched = false;
  link.addEventListener("pointerenter", (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType === "mouse") show();
  });
  link.addEventListener("pointerleave", (event) => {
    if (/** @type {PointerEvent} */ (event).pointerType === "mouse") hideSoon();
  });
  link.addEventListener("pointerdown", (event) => {
    touched = /** @type {PointerEvent} */ (event).pointerType !== "mouse" && !isTipOf(link);
  });
  link.addEventListener("focus", () => {
    if (link.matches(":focus-visible")) show();
  });
  link.addEventListener("blur", hideSoon);
  link.addEventListener("click", (event) => {
    if (touched) {
      event.preventDefault(); // the first touch shows, the second one follows
      show();
    } else hideTip();
  });
}

/**
 * What a row of the table says, each cell under the head of its column.
 * @param {HTMLTableRowElement} row
 */
function evidence(row) {
  const heads = row.closest("table")?.tHead?.rows[0].cells || [];
  const list = document.createElement("dl");
  [...row.cells].forEach((cell, i) => {
    if (!(cell.textContent || "").trim()) return;
    const [name, told] = [document.createElement("dt"), document.createElement("dd")];
    name.textContent = heads[i]?.textContent || "";
    told.append(...[...cell.cloneNode(true).childNodes]);
    list.append(name, told);
  });
  return list;
}
