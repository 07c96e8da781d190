// One tip for the whole page: shown by pointer, touch and keyboard, closed by Escape, never cut off.
// @ts-check
const ROOM = 8;

/** @type {HTMLElement | null} */
let tip = null;
/** @type {Element | null} */
let owner = null;
let leaving = 0;

/**
 * Show a tip beside what it is about.
 * @param {Element} target
 * @param {Node} content
 */
export function showTip(target, content) {
  clearTimeout(leaving);
  if (owner === target) return;
  hideTip();
  owner = target;
  tip = document.createElement("div");
  tip.className = "tip";
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.append(content);
  tip.addEventListener("pointerenter", () => clearTimeout(leaving));
  tip.addEventListener("pointerleave", hideSoon);
  const page = document.querySelector(".page") || document.body; // inside it the clock's switch holds
  page.append(tip);
  target.setAttribute("aria-describedby", "tip");
  place(tip, target.getBoundingClientRect());
}

export function hideTip() {
  clearTimeout(leaving);
  if (tip) tip.remove();
  if (owner) owner.removeAttribute("aria-describedby");
  tip = owner = null;
}

/** Hide it, unless the pointer comes back or goes to the tip itself. */
export function hideSoon() {
  clearTimeout(leaving);
  leaving = window.setTimeout(hideTip, 250);
}

/** @param {Element} target */
export function isTipOf(target) {
  return owner === target;
}

/**
 * Put a tip above or below a box, wholly inside the window.
 * @param {HTMLElement} shown
 * @param {DOMRect} box
 */
function place(shown, box) {
  const [width, height] = [shown.offsetWidth, shown.offsetHeight];
  const wide = document.documentElement.clientWidth;
  const left = Math.max(box.left, ROOM) / 2 + Math.min(box.right, wide - ROOM) / 2 - width / 2;
  const over = box.top - height - ROOM;
  const under = Math.min(box.bottom + ROOM, innerHeight - height - ROOM);
  shown.style.left = `${Math.min(Math.max(left, ROOM), Math.max(wide - width - ROOM, ROOM))}px`;
  shown.style.top = `${Math.max(over >= ROOM ? over : under, ROOM)}px`;
}

addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
});
addEventListener("scroll", follow, { passive: true });

/** Stay beside what has the focus, which scrolls into view as it gets it; a tip of the pointer goes. */
function follow() {
  if (tip && owner && owner === document.activeElement) place(tip, owner.getBoundingClientRect());
  else hideTip();
}
