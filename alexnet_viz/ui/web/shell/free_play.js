/** A lesson's link: a view with some controls hidden, to play with freely, and Reset, which leads back to what the link opened. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { recall, remember } from "./tab_storage.js";
import { ADDRESS_EVENT, HIDE, openAddress, PRESENT, readUrl, visit } from "./url.js";

/** What can be hidden, in the order in which it is offered, with what it is called. Each is a rule of free_play.css. */
export const CONTROLS = {
  pages: gettext("the other pages"),
  choices: gettext("photo and checkpoint"),
  strip: gettext("the strip"),
  tools: gettext("order, range and save"),
  inspector: gettext("the inspector"),
  keys: gettext("the keys below"),
};

const START = "free_play";

/**
 * @param {string} address of a view, as it stands in the browser's bar
 * @param {string} base the app's own
 * @param {readonly string[]} hidden names of CONTROLS
 * @returns {string | null} null where it is no address of the app
 */
export function linkOf(address, base, hidden) {
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  const folder = new URL(".", base);
  if (url.origin !== folder.origin || !url.pathname.startsWith(folder.pathname)) return null;
  url.searchParams.delete(PRESENT);
  url.searchParams.set(
    HIDE,
    Object.keys(CONTROLS)
      .filter((name) => hidden.includes(name))
      .join("."),
  );
  url.hash = "";
  return url.href;
}

/** What the tab was opened with; a reload keeps it, though the address has gone on. */
function startOfTab() {
  const isReload =
    /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType?.("navigation")[0])?.type ===
    "reload";
  const known = isReload ? recall(START) : null;
  const start = typeof known === "string" ? known : location.href;
  remember(START, start);
  return start;
}

/** @type {string | null} */
let start = null;

/** @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame */
export function createFreePlay(frame) {
  start ??= HIDE in readUrl([HIDE]) ? startOfTab() : null;
  const reset = h(
    "button",
    {
      class: "button free-play-reset",
      type: "button",
      title: gettext("Back to the view that the link opened"),
      hidden: true,
      onclick: leadBack,
    },
    gettext("Reset"),
  );
  frame.root.querySelector(".topbar .actions")?.before(reset);

  function draw() {
    const { [HIDE]: hidden } = readUrl([HIDE]);
    reset.hidden = start === null || hidden === undefined;
    for (const name of Object.keys(CONTROLS))
      frame.root.classList.toggle(`hides-${name}`, (hidden ?? "").split(".").includes(name));
  }

  function leadBack() {
    const url = new URL(start ?? location.href);
    const query = Object.fromEntries(url.searchParams);
    const path = url.pathname.slice(new URL(".", document.baseURI).pathname.length);
    if (url.pathname === location.pathname) openAddress(path, query);
    else visit(path, query);
    draw();
  }

  window.addEventListener(ADDRESS_EVENT, draw);
  window.addEventListener("popstate", draw);
  draw();
  return {
    destroy() {
      window.removeEventListener(ADDRESS_EVENT, draw);
      window.removeEventListener("popstate", draw);
    },
  };
}
