/** A lesson: all numbers of the page are hidden, and opened one by one. */
import { h, setText } from "../lib/dom.js";
import { count, millions, percent } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { createCovers } from "./covers.js";
import { numbersOf } from "./layer_columns.js";
import { shares } from "./rows.js";

/** @typedef {import("./rows.js").LayerTable} LayerTable */
/** @typedef {import("./rows.js").Row} Row */

/**
 * @param {{shown: () => {table: LayerTable, rows: Row[]} | null, find: (selector: string) => HTMLElement | null, onChange: () => void, onHide: (isHidden: boolean) => void}} page
 *   rows in the order in which they stand
 */
export function createLesson({ shown, find, onChange, onHide }) {
  const covers = createCovers((id) => open(id));
  const announcement = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const button = h("button", { class: "button", type: "button", onclick: () => toggle(true) });

  /** Every number in reading order; those of the sentence come last, they are the conclusion. */
  function numbers() {
    const now = shown();
    if (!now) return [];
    const share = shares(now.table);
    return [
      ...numbersOf(now.rows),
      { id: "all:params", what: gettext("parameters in all"), text: count(now.table.total_params) },
      { id: "all:macs", what: gettext("multiply-adds in all"), text: millions(now.table.total_macs) },
      {
        id: "share:params",
        what: gettext("share of the parameters in the fully connected layers"),
        text: percent(share.parameters),
      },
      {
        id: "share:macs",
        what: gettext("share of the multiplications in the convolutions"),
        text: percent(share.multiplications),
      },
    ];
  }

  /** @param {string} id */
  function open(id) {
    const root = /** @type {Document | ShadowRoot} */ (button.getRootNode());
    const hadFocus = root.activeElement?.classList.contains("cover");
    covers.open(id);
    onChange();
    const all = numbers();
    const ids = all.map((each) => each.id);
    const opened = all.find((each) => each.id === id);
    setText(
      announcement,
      gettext("{what}: {text}. {left} of {all} numbers are hidden.", {
        what: opened?.what ?? "",
        text: opened?.text ?? "",
        left: covers.left(ids),
        all: ids.length,
      }),
    );
    if (hadFocus) focus(covers.next(ids));
  }

  /** @param {string | null} id */
  function focus(id) {
    (id === null ? button : find(`[data-cover="${id}"]`))?.focus();
  }

  /** @param {boolean} isClicked The focus then goes to the first block, so that Space opens it. */
  function toggle(isClicked) {
    onHide(!covers.hidden);
    const ids = numbers().map(({ id }) => id);
    if (!ids.length) return;
    const hiddenWords = ngettext(
      "{count} number is hidden. Space opens it.",
      "{count} numbers are hidden. Space opens the next one.",
      ids.length,
      { count: ids.length },
    );
    setText(announcement, covers.hidden ? hiddenWords : gettext("All numbers are shown."));
    if (isClicked && covers.hidden) focus(covers.next(ids));
  }

  return {
    covers,
    announcement,
    button,
    toggle,
    /** The next number in reading order. */
    reveal() {
      const next = covers.hidden ? covers.next(numbers().map(({ id }) => id)) : null;
      if (next) open(next);
    },
    /** @param {string} text */
    say(text) {
      setText(announcement, text);
    },
    update() {
      setText(button, covers.hidden ? gettext("Show numbers") : gettext("Hide numbers"));
    },
  };
}
