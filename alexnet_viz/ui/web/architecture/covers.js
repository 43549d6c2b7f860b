/** Numbers that are hidden for a lesson and opened one by one. Each has an id, so that it opens wherever it stands. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {{id: string, what: string}} Cover What stands in a hidden place, in words: "output of conv1". */

/** @param {(id: string) => void} onOpen */
export function createCovers(onOpen) {
  /** @type {Set<string>} */
  let opened = new Set();
  let hidden = false;
  let last = "";

  return {
    get hidden() {
      return hidden;
    },
    /** Changes with everything that is open; for those who draw only what has changed. */
    get signature() {
      return hidden ? [...opened].join() : "open";
    },
    /** @param {boolean} next */
    set(next) {
      hidden = next;
      this.close();
    },
    /** Hide everything again. */
    close() {
      opened = new Set();
      last = "";
    },
    /** @param {string} id */
    isOpen(id) {
      return !hidden || opened.has(id);
    },
    /** @param {string} id */
    open(id) {
      opened.add(id);
      last = id;
    },
    /**
     * The next hidden number after the one that was opened last, from the start when there is none behind it.
     * @param {string[]} ids in reading order
     * @returns {string | null}
     */
    next(ids) {
      const from = ids.indexOf(last) + 1;
      return [...ids.slice(from), ...ids.slice(0, from)].find((id) => !this.isOpen(id)) ?? null;
    },
    /** @param {string[]} ids @returns {number} */
    left(ids) {
      return ids.filter((id) => !this.isOpen(id)).length;
    },
    /**
     * The number, or a block in its place that opens at a click.
     * @param {Cover} cover
     * @param {string} text
     * @returns {Node}
     */
    place({ id, what }, text) {
      if (this.isOpen(id)) return document.createTextNode(text);
      return h("button", {
        class: "cover",
        type: "button",
        "data-cover": id,
        "aria-label": gettext("Hidden: {what}. Open it", { what }),
        onclick: () => onOpen(id),
      });
    },
    /**
     * The same where a block cannot be a button of its own.
     * @param {string} id
     * @param {string} text
     * @returns {Node}
     */
    still(id, text) {
      return this.isOpen(id)
        ? document.createTextNode(text)
        : h("span", { class: "cover still", "aria-hidden": "true" });
    },
  };
}
