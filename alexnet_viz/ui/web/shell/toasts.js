/** Words over the page, for a while or until they are taken away. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

export function createToasts() {
  const element = h("div", { class: "toasts", role: "status", "aria-live": "polite" });

  /** Words that stay until they are taken away. @param {string} text @param {{title: string, act: () => void}} [button] beside them, which takes them away too */
  function lasting(text, button) {
    const words = h("span", {});
    const toast = h("div", { class: "toast" }, words);
    element.append(toast);
    setText(words, text);
    const end = () => toast.remove();
    if (button) toast.append(h("button", { type: "button", onclick: () => void (end(), button.act()) }, button.title));
    return { say: (/** @type {string} */ next) => setText(words, next), end };
  }

  return {
    element,
    /** Only for things done elsewhere: saved, link copied. @param {string} text @param {() => void} [undo] */
    toast(text, undo) {
      setTimeout(
        lasting(text, undo && { title: gettext("Undo"), act: undo }).end,
        undo || text.length > 60 ? 10_000 : 4000,
      ); // time to read it, and to reach its button
    },
    lasting,
  };
}
