// The switch between local time and UTC is style alone; here it is remembered from page to page.
// @ts-check
const KEY = "clock";

/** Put the switch where the reader left it, and remember where it is put. */
export function rememberClock() {
  const utc = /** @type {HTMLInputElement | null} */ (document.getElementById("t-u"));
  if (!utc) return;
  if (recall() === "utc") utc.checked = true;
  document.addEventListener("change", (event) => {
    const to = /** @type {HTMLInputElement} */ (event.target);
    if (to.name === "clock") keep(utc.checked ? "utc" : "local");
  });
}

/** @returns {boolean} whether UTC is shown first */
export function isUtc() {
  const utc = /** @type {HTMLInputElement | null} */ (document.getElementById("t-u"));
  return Boolean(utc && utc.checked);
}

/** @returns {string | null} what was kept; nothing where the browser keeps nothing */
function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} value */
function keep(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // A browser that keeps nothing still switches.
  }
}
