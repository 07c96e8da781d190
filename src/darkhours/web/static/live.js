// The page "now" follows the archive: a new version of it is fetched and put in the place of the old one.
// @ts-check
const [SOON_MS, LATE_MS] = [2000, 300000];

/** @param {HTMLElement} first the place where the page says that there is news */
export function follow(first) {
  const address = first.dataset.events || "";
  let wait = SOON_MS;
  let again = 0;
  /** @type {EventSource | null} */ let source = null;

  function start() {
    if (source || document.hidden) return;
    const known = document.getElementById("live")?.dataset.version || "0";
    source = new EventSource(`${address}?version=${known}`);
    for (const name of ["message", "version"]) source.addEventListener(name, heard);
    source.onopen = () => {
      wait = SOON_MS;
    };
    source.onerror = () => {
      stop(); // a browser asks again every three seconds for ever; a bad line is asked less and less
      again = window.setTimeout(start, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, LATE_MS);
    };
  }

  function stop() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }

  /** @param {Event} event */
  function heard(event) {
    const version = versionOf(/** @type {MessageEvent} */ (event).data);
    const known = document.getElementById("live")?.dataset.version;
    if (version && version !== known) renew().catch(() => undefined); // the next news brings it
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  start();
}

/** @param {string} data a number, or an object that has one @returns {string} */
function versionOf(data) {
  try {
    const told = JSON.parse(data);
    return String(typeof told === "object" && told ? told.version || "" : told);
  } catch {
    return "";
  }
}

/** Fetch the page anew and show it in place; focus and scroll stay where they are. */
async function renew() {
  const answer = await fetch(location.href, { cache: "no-cache" });
  if (!answer.ok) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [old, main] = [document.getElementById("main"), made.getElementById("main")];
  if (!old || !main) return;
  const [focus, at] = [pathTo(document.activeElement), scrollY];
  old.replaceChildren(...main.childNodes);
  const back = focus && document.querySelector(focus);
  if (back) /** @type {HTMLElement} */ (back).focus({ preventScroll: true });
  scrollTo(0, at);
  const live = document.getElementById("live");
  if (live) live.textContent = live.dataset.new || "";
}

/** @param {Element | null} held @returns {string} a selector by which it is found again, "" for none */
function pathTo(held) {
  if (!held || !held.closest("#main")) return "";
  if (held.id) return `#${CSS.escape(held.id)}`;
  const [href, name] = [held.getAttribute("href"), held.getAttribute("name")];
  if (name) return `#main [name="${CSS.escape(name)}"]`;
  const inside = held.closest("svg") ? "svg " : "table ";
  return href ? `#main ${inside}a[href="${CSS.escape(href)}"]` : "";
}
