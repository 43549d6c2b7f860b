/** What can be done with a run: the menu behind its row. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { address } from "../server/api.js";
import { isAlive } from "../charts/run_curves.js";
import { checkpointAddress } from "./replay.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */

/**
 * @param {{run: () => Run | null, actions: import("./run_list.js").RunActions, onDelete: () => void}} row
 *   `run`: as the server has told it last; `onDelete`: the row asks once more
 */
export function createRunMenu({ run: known, actions, onDelete }) {
  const menu = h("div", { class: "menu run-menu" });
  const more = h("button", { class: "run-more", type: "button" }, "⋯");
  const popover = createPopover(more, menu, fillMenu);

  /** @param {string} text @param {() => void} does */
  function item(text, does) {
    return h("button", { type: "button", onclick: () => (popover.close(), does()) }, text);
  }

  /** @param {string} href @param {string} file its name, "" for the server's */
  function save(href, file) {
    const link = h("a", { href, download: file });
    popover.element.append(link);
    link.click();
    link.remove();
  }

  function fillMenu() {
    const run = known();
    if (!run) return;
    fill(menu, commands(run), downloads(run), run.state === "shipped" ? null : noteField(run), deletion(run));
    placeOver(menu, popover.element);
  }

  /** @param {Run} run */
  function commands(run) {
    const { id, state, checkpoints } = run;
    return [
      checkpoints.length ? item(gettext("Open in Explore"), () => actions.onOpen(run)) : null,
      isAlive(run) && state !== "stopping" ? item(gettext("Stop"), () => actions.onDo(id, "stop")) : null,
      isAlive(run) ? item(gettext("End at once, without a checkpoint"), () => actions.onDo(id, "kill")) : null,
      ["stopped", "failed", "crashed"].includes(state)
        ? item(gettext("Resume"), () => actions.onDo(id, "resume"))
        : null,
    ];
  }

  /** @param {Run} run */
  function downloads({ id, checkpoints }) {
    const last = checkpoints.at(-1);
    return [
      item(gettext("Download metrics (CSV)"), () => save(address(`runs/${id}/metrics.csv`).href, `${id}.csv`)),
      last
        ? item(gettext("Download checkpoint ({name})", { name: last.name }), () =>
            save(checkpointAddress(id, last.name), ""),
          )
        : null,
    ];
  }

  /** @param {Run} run */
  function noteField({ id, note }) {
    const input = h("input", {
      class: "form-control",
      value: note,
      maxlength: "2000",
      onchange: () => actions.onNote(id, input.value),
    });
    return h("label", { class: "run-note" }, gettext("note"), input);
  }

  /** @param {Run} run */
  function deletion(run) {
    if (isAlive(run) || run.state === "shipped") return null;
    const onclick = () => (popover.close(false), onDelete());
    return h("button", { type: "button", class: "danger", onclick }, gettext("Delete"));
  }

  return {
    element: popover.element,
    focus: () => more.focus(),
    close: () => popover.close(false),
    /** @param {Run} run */
    update: (run) => more.setAttribute("aria-label", gettext("More: {name}", { name: run.name })),
  };
}

/** The list scrolls, so its menus are laid over the page. @param {HTMLElement} menu @param {HTMLElement} button beside which it stands, within 8 pixels of the window's edges */
function placeOver(menu, button) {
  const { right, top, bottom } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isBelow = bottom + height + 8 < window.innerHeight;
  Object.assign(menu.style, {
    position: "fixed",
    right: "auto",
    left: `${Math.max(8, right - width)}px`,
    top: `${isBelow ? bottom + 4 : Math.max(8, top - height - 4)}px`,
  });
}
