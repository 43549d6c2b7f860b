/** Following the teacher's view, and leading the class to one's own: addresses that come and go. */
import { lesson } from "./class_store.js";
import { ADDRESS_EVENT, HIDE, openAddress, PRESENT } from "./url.js";

/** @typedef {import("./class_store.js").View} View */

const SETTLED_MS = 60; // of an arrow that is held down, which comes every 33 ms, the last place is shown

/** The view that this tab shows or has shown last; survives the change of a page. */
let followed = "";
/** The same as its page has written it: without what goes without saying there. */
let written = "";
/** The lesson's version as this tab's own view left it: what was told before is not followed, it would lead back. */
let led = 0;

/** @returns {View} what stands in this tab's address */
function ownView() {
  const url = new URL(location.href);
  const base = new URL(document.baseURI).pathname.replace(/[^/]*$/, "");
  for (const key of [PRESENT, HIDE]) url.searchParams.delete(key);
  return { path: url.pathname.slice(base.length), query: Object.fromEntries(url.searchParams) };
}

/** @param {View} view @returns {string} the same for the same view */
function nameOf({ path, query }) {
  return JSON.stringify([path, Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Show what the class is shown, if it is not on the screen. */
export function follow() {
  if (!lesson.state || lesson.state.version < led) return;
  const { view } = lesson.state;
  const name = nameOf(view);
  if (name === followed) return;
  followed = name;
  if (name !== nameOf(ownView())) openAddress(view.path, view.query);
  written = nameOf(ownView());
}

/** The next view counts as new, though it was shown before the pupil went off. */
export function forgetView() {
  followed = "";
}

/** Let the class see what this tab shows from now on. @returns {() => void} ends it */
export function lead() {
  let timer = 0;
  async function tell() {
    const view = ownView();
    const name = nameOf(view);
    if (!lesson.state || name === nameOf(lesson.state.view) || name === followed || name === written) return;
    followed = written = name;
    led = Infinity;
    // With the step that it belongs to: the class may be at the next one by now.
    const answer = await lesson.send("view", { ...view, step: lesson.state.step }).catch(() => null); // the server is away: the bar says so
    if (followed !== name) return; // this tab has gone on, and waits for that to be told
    led = answer?.version ?? 0;
    follow();
  }
  function onAddress() {
    clearTimeout(timer);
    timer = setTimeout(tell, SETTLED_MS);
  }
  window.addEventListener(ADDRESS_EVENT, onAddress);
  if (followed) onAddress(); // the teacher has come to this page by a link; a new tab follows first
  return () => {
    clearTimeout(timer);
    window.removeEventListener(ADDRESS_EVENT, onAddress);
  };
}
