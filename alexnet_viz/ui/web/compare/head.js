/** The head of the Compare page: A and B, what is compared, the verdict, and the line of the first visit. */
import { badge } from "./walls.js";
import { fill, h, setText } from "../lib/dom.js";
import { createPick } from "../lib/picker.js";
import { createPopover } from "../lib/popover.js";

/** @typedef {"a" | "b"} Side */
/** @typedef {{title: string, action: () => void}} SaveItem */
/** @typedef {{a: string, b: string, view: string, checkpoints: {name: string, title: string}[], verdict: string, beginning: string, isReady: boolean}} HeadView beginning: "" where it is over */

const VIEW_TITLES = { photo: "this photo", test: "test set", weights: "weights", recipes: "recipes" };

/** @param {{choose: (side: Side, name: string) => void, swap: () => void, show: (view: string) => void, saveItems: () => SaveItem[], onBegun: () => void}} actions */
export function createHead({ choose, swap, show, saveItems, onBegun }) {
  const picks = { a: createPick("checkpoint", (name) => choose("a", name)), b: createPick("checkpoint", (name) => choose("b", name)) };
  picks.a.select.setAttribute("aria-label", "Checkpoint A");
  picks.b.select.setAttribute("aria-label", "Checkpoint B");
  const swapButton = h("button", { class: "button quiet swap", type: "button", title: "Swap A and B (X)", "aria-label": "Swap A and B", onclick: swap }, "⇄");
  const savePanel = h("div", { class: "menu", role: "group", "aria-label": "Save" });
  const saveMenu = createPopover(h("button", { class: "button quiet chevron", type: "button", title: "Pictures, tables, numbers, the report" }, "Save"), savePanel, () =>
    fill(savePanel, saveItems().map((item) => h("button", { type: "button", onclick: () => void (saveMenu.close(), item.action()) }, item.title))),
  );
  const viewButtons = Object.entries(VIEW_TITLES).map(([view, title]) => h("button", { type: "button", "data-view": view, onclick: () => show(view) }, title));
  const views = h("div", { class: "segments", role: "group", "aria-label": "What is compared" }, viewButtons);
  const sentence = h("p", { class: "verdict", "aria-live": "polite" });
  const words = h("span", {});
  const beginning = h(
    "p",
    { class: "compare-beginning", hidden: true },
    h("span", {}, h("b", {}, "To begin with: "), words),
    h("span", { class: "compare-beginning-links" }, h("button", { class: "link", type: "button", onclick: openPick }, "Compare two others"), h("button", { class: "link", type: "button", onclick: onBegun }, "Hide this line")),
  );

  function openPick() {
    picks.a.select.focus();
    picks.a.select.showPicker?.();
  }

  return {
    element: h("div", { class: "compare-top" }, h("div", { class: "compare-picks" }, badge("A"), picks.a.element, swapButton, badge("B"), picks.b.element, h("div", { class: "compare-views" }, saveMenu.element, views)), sentence, beginning),
    openSave: () => !saveMenu.element.hidden && saveMenu.open(),
    /** @param {HeadView} v */
    update(v) {
      const entries = [...v.checkpoints.map((entry) => ({ value: entry.name, title: entry.title })), { value: "+", title: "Open a file…" }];
      picks.a.update(entries, v.a);
      picks.b.update(entries, v.b);
      for (const button of viewButtons) button.setAttribute("aria-pressed", String(button.dataset.view === v.view));
      saveMenu.element.hidden = !v.isReady;
      setText(sentence, v.verdict);
      setText(words, v.beginning);
      beginning.hidden = !v.beginning;
    },
  };
}
