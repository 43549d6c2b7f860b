/** The menu of what can be saved of the open stage; it opens with what there is at that moment. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { copyAddress } from "../shell/copy_address.js";
import { createSave } from "./save.js";

/** @typedef {(now: import("./selection.js").View, stage: import("../server/api.js").Stage) => import("./save.js").Panel | null} PictureOf */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{view: () => import("./selection.js").View | null, pictureOf: PictureOf, onlyHere: () => string[]}} actions
 *   `pictureOf`: what the open panel shows; `onlyHere`: what the address cannot give to another tab
 */
export function createSaveMenu(frame, { view, pictureOf, onlyHere }) {
  const save = createSave(frame);
  const panel = h("div", { class: "menu", role: "group", "aria-label": gettext("Save") });
  const popover = createPopover(
    h(
      "button",
      { class: "button quiet chevron", type: "button", title: gettext("Pictures, numbers, the table") },
      gettext("Save"),
    ),
    panel,
    () => fill(panel, buttons()),
  );

  function buttons() {
    const now = view();
    if (!now?.stage) return [];
    const context = { view: now, stage: now.stage, panel: pictureOf(now, now.stage) };
    const copy = { title: gettext("Copy the address"), action: () => void copyAddress(frame, onlyHere()) };
    return [...save.items(context), copy].map((item) =>
      h("button", { type: "button", onclick: () => void (popover.close(), item.action()) }, item.title),
    );
  }

  return { element: popover.element, open: () => popover.open() };
}
