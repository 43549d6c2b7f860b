/** The line of the network that can be fetched: what it is, how far it is, and its buttons. It redraws itself alone. */
import { createSpeaker, fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { BUTTONS, fetchLine } from "./fetch_words.js";
import { networkFetch } from "./network_fetch.js";

/** @typedef {import("./fetch_words.js").FetchLine} FetchLine */

/** @param {{open: (name: string) => void, isOpen: (name: string) => boolean, onBegin: () => void}} actions */
export function createFetchLine({ open, isOpen, onBegin }) {
  const title = h("b", {});
  const words = h("span", {});
  const bar = h(
    "span",
    {
      class: "fetch-bar",
      role: "progressbar",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      "aria-label": gettext("How much has come"),
    },
    h("span", {}),
  );
  const speaker = createSpeaker(); // says what changes of itself, but not every megabyte
  const buttons = h("span", { class: "fetch-buttons" });
  const check = h("span", { role: "gridcell", class: "line-check" });
  const element = h(
    "div",
    {
      role: "row",
      class: "fetch-line",
      tabindex: "-1",
      "aria-label": gettext("From elsewhere"),
      onclick: () => networkFetch.known?.state === "here" && open(networkFetch.known.name),
    },
    check,
    h("span", { role: "gridcell", class: "fetch-words" }, h("span", {}, title, words), bar, speaker.element),
    h("span", { role: "gridcell" }, buttons),
  );
  let isAsking = false;
  let drawn = "";

  function begin() {
    onBegin();
    void networkFetch.begin();
  }

  /** @param {boolean} asks */
  function ask(asks) {
    isAsking = asks;
    draw();
  }

  /** @param {string} text @param {() => void} action @param {string} [look] */
  const button = (text, action, look = "button") =>
    h(
      "button",
      {
        type: "button",
        class: look,
        tabindex: "-1",
        onclick: (/** @type {MouseEvent} */ event) => void (event.stopPropagation(), action()),
      },
      text,
    );

  /** @param {FetchLine} line @param {string} name */
  function buttonsOf(line, name) {
    const remove = () => {
      isAsking = false;
      void networkFetch.remove();
    };
    if (isAsking) return [button(gettext("Remove it"), remove), button(gettext("Keep it"), () => ask(false))];
    const actions = /** @type {Record<string, () => void>} */ ({
      [BUTTONS.cancel]: () => void networkFetch.cancel(),
      [BUTTONS.open]: () => open(name),
    });
    return [
      line.remove ? button(line.remove, () => ask(true), "link") : null,
      line.button ? button(line.button, actions[line.button] ?? begin) : null,
    ];
  }

  function enter() {
    /** @type {HTMLElement | null} */ (buttons.querySelector("button:last-child"))?.focus();
  }

  function draw() {
    const fetch = networkFetch.known;
    element.hidden = !fetch;
    if (!fetch) return;
    const opened = fetch.state === "here" && isOpen(fetch.name);
    const line = fetchLine(fetch, opened);
    setText(title, line.title);
    bar.hidden = line.share === null;
    /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${100 * (line.share ?? 0)}%`;
    bar.setAttribute("aria-valuenow", String(Math.round(100 * (line.share ?? 0))));
    const { title: progress, share, ...rest } = line;
    element.classList.toggle("here", fetch.state === "here");
    const key = JSON.stringify([rest, share === null && progress, opened, isAsking]);
    if (key !== drawn) rebuild(line, fetch.name, opened);
    drawn = key;
  }

  /** @param {FetchLine} line @param {string} name @param {boolean} opened */
  function rebuild(line, name, opened) {
    const root = /** @type {Document | ShadowRoot} */ (element.getRootNode());
    const hadFocus = buttons.contains(root.activeElement);
    element.classList.toggle("error", line.isProblem);
    element.classList.toggle("open", opened);
    element.setAttribute("aria-selected", String(opened));
    setText(check, opened ? "✓" : "");
    fill(words, line.facts, line.place ? [" ", h("code", {}, line.place)] : null);
    fill(buttons, buttonsOf(line, name));
    if (drawn) speaker.say([line.title, line.facts, line.place].filter(Boolean).join(". "));
    if (hadFocus) /** @type {HTMLElement} */ (buttons.querySelector("button:last-child") ?? element).focus();
  }

  return {
    element,
    draw,
    /** What Enter does on the line: it opens what is here; else it goes to the button, which says what it does. */
    press() {
      const fetch = networkFetch.known;
      if (fetch?.state === "here" && !isAsking) open(fetch.name);
      else enter();
    },
    enter,
    closed: () => void (isAsking = false),
  };
}
