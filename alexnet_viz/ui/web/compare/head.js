/** The head of the Compare page: A and B, what is compared, the verdict, and the line of the first visit. */
import { badge } from "./walls.js";
import { fill, h, keepFocus, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";

/** @typedef {"a" | "b"} Side */
/** @typedef {{title: string, action: () => void}} SaveItem */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {{a: string, b: string, view: string, checkpoints: CheckpointEntry[], verdict: string, beginning: string, isReady: boolean}} HeadView beginning: "" where it is over */

/** @type {Record<string, string>} */
export const VIEW_TITLES = {
  photo: gettext("this photo"),
  test: gettext("test set"),
  weights: gettext("weights"),
  recipes: gettext("recipes"),
};

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{choose: (side: Side, name: string) => void, refuse: (error: unknown) => void, fallback: string, swap: () => void, show: (view: string) => void, saveItems: () => SaveItem[], onBegun: () => void}} actions
 */
export function createHead(frame, { choose, refuse, fallback, swap, show, saveItems, onBegun }) {
  /** @type {HeadView | null} */
  let view = null;
  const picks = { a: menuOf("a", "b"), b: menuOf("b", "a") };
  const swapButton = h(
    "button",
    {
      class: "button quiet swap",
      type: "button",
      title: gettext("Swap A and B (X)"),
      "aria-label": gettext("Swap A and B"),
      onclick: swap,
    },
    "⇄",
  );
  const savePanel = h("div", { class: "menu", role: "group", "aria-label": gettext("Save") });
  const saveMenu = createPopover(
    h(
      "button",
      { class: "button quiet chevron", type: "button", title: gettext("Pictures, tables, numbers, the report") },
      gettext("Save"),
    ),
    savePanel,
    () =>
      fill(
        savePanel,
        saveItems().map((item) =>
          h("button", { type: "button", onclick: () => void (saveMenu.close(), item.action()) }, item.title),
        ),
      ),
  );
  const viewButtons = Object.entries(VIEW_TITLES).map(([view, title]) =>
    h("button", { type: "button", "data-view": view, onclick: () => show(view) }, title),
  );
  const views = h("div", { class: "segments", role: "group", "aria-label": gettext("What is compared") }, viewButtons);
  const sentence = h("p", { class: "verdict", "aria-live": "polite" });
  const words = h("span", {});
  const beginning = h(
    "p",
    { class: "compare-beginning", hidden: true },
    h("span", {}, h("b", {}, gettext("To begin with:"), " "), words),
    h(
      "span",
      { class: "compare-beginning-links" },
      h("button", { class: "link", type: "button", onclick: () => picks.a.open() }, gettext("Compare two others")),
      h("button", { class: "link", type: "button", onclick: onBegun }, gettext("Hide this line")),
    ),
  );

  /** @param {Side} side @param {Side} other */
  function menuOf(side, other) {
    const kindOf = (/** @type {string | undefined} */ name) =>
      view?.checkpoints.find((entry) => entry.name === name)?.kind;
    const noteOf = (/** @type {CheckpointEntry} */ entry) =>
      view && entry.kind !== kindOf(view[other]) ? gettext("maps only") : "";
    return createCheckpointMenu(frame, {
      choose: (name) => choose(side, name),
      refuse,
      fallback,
      label: gettext("Checkpoint {letter}", { letter: side.toUpperCase() }),
      noteOf,
    });
  }

  const element = h(
    "div",
    { class: "compare-top" },
    h(
      "div",
      { class: "compare-picks" },
      badge("A"),
      picks.a.element,
      swapButton,
      badge("B"),
      picks.b.element,
      h("div", { class: "compare-views" }, saveMenu.element, views),
    ),
    sentence,
    beginning,
  );

  return {
    element,
    openSave: () => !saveMenu.element.hidden && saveMenu.open(),
    /** @param {HeadView} v */
    update(v) {
      view = v;
      picks.a.update(v.a);
      picks.b.update(v.b);
      for (const button of viewButtons) button.setAttribute("aria-pressed", String(button.dataset.view === v.view));
      saveMenu.element.hidden = !v.isReady;
      setText(sentence, v.verdict);
      setText(words, v.beginning);
      keepFocus(element, () => void (beginning.hidden = !v.beginning));
    },
    destroy() {
      picks.a.destroy();
      picks.b.destroy();
    },
  };
}
