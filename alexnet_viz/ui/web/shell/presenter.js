/**
 * Presenter mode: one thing at a time, readable from eight metres. Each page says in one slide what that is. The pictures are the
 * page's own, lent for as long as they are shown. That the mode is on stands in the address, and goes along from page to page.
 */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { withModeKeys } from "./presenter_keys.js";
import { PRESENT, readUrl, writeUrl } from "./url.js";

/** @typedef {import("../lib/dom.js").Child} Child */
/** @typedef {import("./page_frame.js").Shortcut} Shortcut */
/**
 * @typedef {{title: Child[], beside?: string, shown: HTMLElement[], words: Child[], legend?: Child[], answer?: Child[]}} Slide
 * `beside`: what stands at the right of the title; `shown`: elements of the page; `answer`: what the network says
 */

const GAP = 48; // pixels between two pictures, over which the line goes that joins them
const LEAST = 120;
/** @type {Required<Slide>} */
const COMPUTING = { title: [gettext("Computing")], beside: "", shown: [], words: [], legend: [], answer: [] };

/** Whether this tab presents: it stays so from page to page. */
let isOn = PRESENT in readUrl([PRESENT]);

/** @param {HTMLElement} root @param {HTMLElement} main the page, of which only the strip stays */
export function createPresenter(root, main) {
  const title = h("h2", {});
  const beside = h("span", { class: "slide-beside" });
  const problem = h("p", { class: "slide-problem", role: "alert", hidden: true });
  const body = h("div", { class: "slide-body" });
  const words = h("p", { class: "slide-words" });
  const legend = h("p", { class: "slide-legend" });
  const answer = h("p", { class: "slide-answer" });
  const leave = h(
    "button",
    { class: "slide-leave", type: "button", title: gettext("Leave presenter mode: P or Esc"), onclick: () => toggle() },
    gettext("Leave"),
  );
  const element = h(
    "section",
    { class: "slide", "aria-label": gettext("Presenter mode"), tabindex: "-1" },
    h("div", { class: "slide-head" }, title, beside),
    problem,
    body,
    h("div", { class: "slide-foot" }, words, legend, answer, window.frameElement ? null : leave), // not in a copy on another page
  );
  /** @type {(() => void) | null} the page's own drawing; null where a page has nothing to present */
  let redraw = null;
  /** @type {[HTMLElement, Comment][]} what a page has lent, and its place there */
  let lent = [];
  let side = 0;

  const isPresenting = () => isOn && redraw !== null;

  function apply() {
    root.classList.toggle("presenter", isPresenting());
    if (isPresenting()) return;
    giveBack();
    root.style.removeProperty("--picture");
    side = 0;
  }

  function toggle() {
    isOn = !isOn;
    writeUrl({ [PRESENT]: isOn ? "1" : null }, false);
    apply();
    redraw?.();
  }

  function giveBack() {
    for (const [shown, place] of lent) {
      if (place.parentNode) place.replaceWith(shown);
      else shown.remove(); // made for the slide alone
    }
    lent = [];
  }

  /** @param {HTMLElement[]} shown */
  function lend(shown) {
    if (shown.length === lent.length && shown.every((each, i) => lent[i][0] === each)) return;
    giveBack();
    for (const each of shown) {
      const place = document.createComment("presented");
      each.replaceWith(place);
      body.append(each);
      lent.push([each, place]);
    }
  }

  /** The pictures take the room that the words leave. */
  function fit() {
    const next = Math.max(LEAST, Math.floor(Math.min(body.clientHeight, (body.clientWidth - GAP) / 2)));
    if (next === side) return;
    side = next;
    root.style.setProperty("--picture", `${side}px`);
    redraw?.();
  }

  /** Back and Forward lead to addresses of before; the mode is not part of what they undo. */
  function onPop() {
    if (redraw) writeUrl({ [PRESENT]: isOn ? "1" : null }, false);
  }
  const onResize = () => redraw?.();
  const observer = new ResizeObserver(() => lent.length && fit()); // a lesson's question comes and goes
  observer.observe(body);
  window.addEventListener("popstate", onPop);
  window.addEventListener("resize", onResize);

  return {
    element,
    toggle,
    get isOn() {
      return isPresenting();
    },
    /** A page can be presented from here on. @param {() => void} draw called when the mode is switched, and when the window or the pictures have another size */
    begin(draw) {
      redraw = draw;
      onPop();
      apply();
    },
    /** @param {Slide | null} slide null while the page computes */
    show(slide) {
      if (!isPresenting()) return;
      const problems = problemsOf(main);
      problem.hidden = problems === "";
      fill(problem, problems);
      const now = { ...COMPUTING, ...slide };
      fill(title, ...now.title);
      fill(beside, now.beside);
      fill(words, ...now.words);
      fill(legend, ...now.legend);
      fill(answer, ...now.answer);
      lend(now.shown);
      if (slide) fit();
    },
    /** The page's keys, with those of the mode. @param {Shortcut[]} keys @returns {Shortcut[]} */
    withKeys(keys) {
      return redraw ? withModeKeys(keys, isPresenting, toggle) : keys;
    },
    destroy() {
      observer.disconnect();
      window.removeEventListener("popstate", onPop);
      window.removeEventListener("resize", onResize);
    },
  };
}

/** What the page says went wrong, without the buttons beside it. @param {HTMLElement} main @returns {string} */
function problemsOf(main) {
  const alerts = [...main.querySelectorAll("[role=alert]")].filter((each) => !each.closest("[hidden]"));
  const parts = alerts.flatMap((each) => [...each.childNodes].filter((part) => part.nodeName !== "BUTTON"));
  return parts
    .map(({ textContent }) => (textContent ?? "").trim())
    .filter(Boolean)
    .join(" ");
}
