/** Keys as they are drawn: a cap each. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** Keys that are called otherwise on other keyboards. @type {Record<string, string>} */
const KEY_NAMES = {
  Space: gettext("Space"),
  Enter: gettext("Enter"),
  Shift: gettext("Shift"),
  Ctrl: gettext("Ctrl"),
  Esc: gettext("Esc"),
};

/** @param {string} key several with spaces between them */
export const keyCaps = (key) => key.split(" ").map((part) => h("kbd", {}, KEY_NAMES[part] ?? part));
