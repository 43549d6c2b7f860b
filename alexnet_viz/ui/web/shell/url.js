/** The view in the address bar: the page's own keys; other keys stay as they are. */

/** Heard on the window after a page has written its view into the address. */
export const ADDRESS_EVENT = "alexnet-viz-address";
/** The address's key of presenter mode: how this screen shows a view, no part of the view. */
export const PRESENT = "present";
/** The address's key of what a lesson's link hides: stays on whatever page one goes to, and is no part of the view either. */
export const HIDE = "hide";

/** @param {readonly string[]} keys @returns {Record<string, string>} */
export function readUrl(keys) {
  const search = new URLSearchParams(location.search);
  return Object.fromEntries(
    keys.filter((key) => search.has(key)).map((key) => [key, /** @type {string} */ (search.get(key))]),
  );
}

/**
 * @param {Record<string, string | null>} entries null removes the key.
 * @param {boolean} push True where Back should undo the change.
 * @param {unknown} [beside] what the history keeps beside the address, as it is where it is not given
 */
export function writeUrl(entries, push, beside = history.state) {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(entries)) {
    if (value === null) url.searchParams.delete(key);
    else url.searchParams.set(key, value);
  }
  if (url.href === location.href && JSON.stringify(beside) === JSON.stringify(history.state)) return;
  if (push) history.pushState(beside, "", url);
  else history.replaceState(beside, "", url);
  window.dispatchEvent(new Event(ADDRESS_EVENT));
}

/** @param {string} path of a page of the app: "" or "architecture" @returns {URL} */
export function pageUrl(path) {
  return new URL(path || ".", document.baseURI);
}

/**
 * Show a view of the app exactly as an address says, without a step for Back: what the class follows.
 * @param {string} path "" or "architecture"
 * @param {Record<string, string>} query
 */
export function openAddress(path, query) {
  const url = pageUrl(path);
  url.search = new URLSearchParams({ ...query, ...readUrl([PRESENT]) }).toString();
  history.replaceState({ alexnet_viz: {} }, "", url); // nothing of this tab's own stands beside it
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** The address of a page that a link of the app leads to, until that page has opened. */
let visited = "";

/**
 * Go to another page of the app without loading it anew: the shell listens to popstate and asks for the page of the path.
 * @param {string} path "" or "architecture"
 * @param {Record<string, string>} query
 */
export function visit(path, query) {
  const url = pageUrl(path);
  url.search = new URLSearchParams({ ...query, ...readUrl([HIDE, PRESENT]) }).toString();
  visited = url.href;
  history.pushState(null, "", url);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

/** @returns {boolean} whether a link of the app led to this address, and the page of it has not opened since */
export function isVisit() {
  return visited === location.href;
}

/** The page of the link has opened, or Back led to another address. */
export function endVisit() {
  visited = "";
}
