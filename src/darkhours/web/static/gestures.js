// Wheel, drag and pinch over the picture.
// @ts-check
/** @typedef {import("./span.js").Span} Span */
/**
 * @typedef {object} Acts
 * @property {(span: Span, delay?: number) => void} go
 * @property {(factor: number, at?: number, delay?: number) => void} zoom
 * @property {(share: number, delay?: number) => void} pan
 * @property {() => Span} wanted
 * @property {(x: number) => number} timeAt instant under a client x
 */

const LEAST = 6; // px that a drag is long at least; less is a click

/**
 * @param {Element} box
 * @param {Acts} acts
 */
export function bindGestures(box, acts) {
  bindWheel(box, acts);
  bindDrag(box, acts);
  bindPinch(box, acts);
}

/** @param {Element} box @param {Acts} acts */
function bindWheel(box, acts) {
  box.addEventListener(
    "wheel",
    (raw) => {
      const event = /** @type {WheelEvent} */ (raw);
      if (!event.ctrlKey) return; // a plain wheel scrolls the page
      event.preventDefault();
      acts.zoom(2 ** (Math.sign(event.deltaY) / 2), acts.timeAt(event.clientX), 200);
    },
    { passive: false },
  );
}

/** Select a range by dragging; with shift, draw time along. @param {Element} box @param {Acts} acts */
function bindDrag(box, acts) {
  /** @type {{ x: number, pan: boolean, time: number } | null} */ let from = null;
  const mark = document.createElement("div");
  mark.className = "chosen";
  const end = () => {
    from = null;
    mark.remove();
  };
  box.addEventListener("pointerdown", (raw) => {
    const event = /** @type {PointerEvent} */ (raw);
    if (event.pointerType === "touch" || event.button || !isPicture(event)) return;
    from = { x: event.clientX, pan: event.shiftKey, time: acts.timeAt(event.clientX) };
  });
  addEventListener("pointermove", (event) => {
    if (!from || from.pan || Math.abs(event.clientX - from.x) < LEAST) return;
    const left = box.getBoundingClientRect().left;
    mark.style.left = `${Math.min(from.x, event.clientX) - left}px`;
    mark.style.width = `${Math.abs(event.clientX - from.x)}px`;
    box.append(mark);
    event.preventDefault();
  });
  addEventListener("pointerup", (event) => {
    if (!from) return;
    const [begun, time] = [from, acts.timeAt(event.clientX)];
    end();
    if (Math.abs(event.clientX - begun.x) < LEAST) return;
    const { from: start, until } = acts.wanted();
    if (begun.pan) acts.pan((begun.time - time) / (until - start));
    else acts.go({ from: Math.min(begun.time, time), until: Math.max(begun.time, time) });
    addEventListener("click", stop, { capture: true, once: true }); // a drag follows no link
    setTimeout(() => removeEventListener("click", stop, { capture: true }));
  });
  addEventListener("pointercancel", end);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
  box.addEventListener("dragstart", (event) => event.preventDefault());
}

/** Two fingers; one finger scrolls. @param {Element} box @param {Acts} acts */
function bindPinch(box, acts) {
  /** @type {{ gap: number, span: Span, at: number } | null} */ let from = null;
  box.addEventListener(
    "touchmove",
    (raw) => {
      const event = /** @type {TouchEvent} */ (raw);
      if (event.touches.length !== 2) return;
      event.preventDefault();
      const [a, b] = [event.touches[0].clientX, event.touches[1].clientX];
      const gap = Math.max(Math.abs(a - b), 20);
      if (!from) from = { gap, span: acts.wanted(), at: acts.timeAt((a + b) / 2) };
      const { span, at } = from;
      const factor = from.gap / gap;
      acts.go({ from: at - (at - span.from) * factor, until: at + (span.until - at) * factor }, 250);
    },
    { passive: false },
  );
  for (const name of ["touchend", "touchcancel"]) {
    box.addEventListener(name, () => {
      from = null;
    });
  }
}

/** @param {Event} event */
function isPicture(event) {
  return Boolean(/** @type {Element} */ (event.target).closest("svg"));
}

/** @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
