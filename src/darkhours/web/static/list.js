// The list of the page "now": what is chosen is fetched and put in its place, without a new page.
// @ts-check
const KEPT = "section.list";

/** Follow the form and the links of the list; both work without this too. */
export function followList() {
  const main = document.getElementById("main");
  if (!main) return;
  main.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (form) show(addressOf(form));
  });
  main.addEventListener("submit", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    event.preventDefault();
    show(addressOf(form));
  });
  main.addEventListener("click", (event) => {
    const mouse = /** @type {MouseEvent} */ (event);
    const link = /** @type {Element} */ (event.target).closest("a[data-list]");
    if (!link || mouse.button || mouse.metaKey || mouse.ctrlKey || mouse.shiftKey || mouse.altKey) return;
    event.preventDefault();
    show(/** @type {HTMLAnchorElement} */ (link).href);
  });
  addEventListener("popstate", () => location.search !== shown && show(location.href, false));
}

/** @param {EventTarget | null} target @returns {HTMLFormElement | null} */
function formOf(target) {
  return /** @type {Element} */ (target).closest("form.choose");
}

/** @param {HTMLFormElement} form @returns {string} its address, without what says nothing */
function addressOf(form) {
  const asked = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && !(name === "sort" && value === "worst")) asked.append(name, String(value));
  }
  const query = asked.toString();
  return query ? `${form.action}?${query}` : form.action;
}

/** @type {AbortController | null} */ let asking = null;
let shown = location.search;

/**
 * @param {string} address
 * @param {boolean} [remember] whether the reader can go back from it
 */
async function show(address, remember = true) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document.querySelector(KEPT), made.querySelector(KEPT)];
    if (!old || !fresh) throw new Error("no list");
    const [held, value] = namesOf(document.activeElement);
    if (remember) history.pushState(null, "", address);
    shown = location.search;
    old.replaceWith(fresh);
    const languages = [document, made].map((each) => each.querySelector(".langs"));
    if (languages[0] && languages[1]) languages[0].replaceWith(languages[1]);
    const again = held && [...fresh.querySelectorAll(held)].find((each) => !value || /** @type {HTMLInputElement} */ (each).value === value);
    if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
    const live = document.getElementById("live");
    if (live) live.textContent = fresh.querySelector("#list-told, .pager span")?.firstChild?.textContent || "";
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") location.assign(address);
  }
}

/** @param {Element | null} held @returns {[string, string]} where the focus is, and which of several it is */
function namesOf(held) {
  if (!held || !held.closest(KEPT)) return ["", ""];
  if (held.id) return [`#${CSS.escape(held.id)}`, ""];
  const input = /** @type {HTMLInputElement} */ (held);
  if (input.name) return [`[name="${CSS.escape(input.name)}"]`, input.type === "checkbox" ? input.value : ""];
  return held.tagName === "BUTTON" ? ["form.choose button", ""] : ["", ""];
}
