/** The frame of every page: top bar, footer, toasts, help, and the keys. */
import { fill, h, setText } from "../lib/dom.js";
import { LANGUAGES, chooseLanguage, gettext, language } from "../lib/language.js";
import { PAGE_NAMES } from "./page_names.js";
import { createPresenter } from "./presenter.js";
import { visit } from "./url.js";

const NAME = "alexnet_viz";
/** Keys that are called otherwise on other keyboards. @type {Record<string, string>} */
const KEY_NAMES = {
  Space: gettext("Space"),
  Enter: gettext("Enter"),
  Shift: gettext("Shift"),
  Ctrl: gettext("Ctrl"),
  Esc: gettext("Esc"),
};
const keyCaps = (/** @type {string} */ key) => key.split(" ").map((part) => h("kbd", {}, KEY_NAMES[part] ?? part));

/** @typedef {ReturnType<typeof createPresenter>} Presenter */
/** @typedef {{title: string, path: string}} Page */
/**
 * @typedef {{key: string, does: string, action: (event: KeyboardEvent) => void, keys: string[], shift?: boolean, ctrl?: boolean, release?: () => void, footer?: boolean}} Shortcut
 * `ctrl`: together with Ctrl or the command key, and only so; `release`: the key is held, and let go again
 */

/**
 * @param {HTMLElement} root
 * @param {{pages: Page[], page: string, release: string}} config
 */
export function createFrame(root, config) {
  const actions = h("div", { class: "actions" });
  const facts = h("div", { class: "footer-facts" });
  const keyHints = h("div", { class: "footer-keys" });
  // The shell has the one main of the document, around all of this.
  const main = h("div", { class: "page", id: "page", tabindex: "-1" });
  const presenter = createPresenter(root, main);
  const toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  const helpButton = h(
    "button",
    {
      class: "help",
      type: "button",
      "aria-label": gettext("Keys of this page"),
      title: gettext("Keys of this page"),
      onclick: () => toggleHelp(),
    },
    "?",
  );
  const presentButton = h(
    "button",
    {
      class: "help",
      type: "button",
      hidden: true,
      "aria-label": gettext("Presenter mode"),
      title: gettext("Presenter mode, P"),
      onclick: () => presenter.toggle(),
    },
    "P",
  );
  const languageMenu = h(
    "select",
    {
      class: "help language",
      "aria-label": gettext("Language"),
      title: gettext("Language"),
      onchange: () => chooseLanguage(languageMenu.value),
    },
    Object.entries(LANGUAGES).map(([code, name]) =>
      h("option", { value: code, lang: code, selected: code === language }, `${code.toUpperCase()}\u2003${name}`),
    ),
  );
  const dialog = h("dialog", { class: "dialog", "aria-label": gettext("Keys") });
  const links = config.pages.map(({ title, path }) =>
    h(
      "a",
      {
        href: path || "./",
        "aria-current": title === config.page ? "page" : false,
        onclick: (/** @type {MouseEvent} */ event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          if (title !== config.page) visit(path, {});
        },
      },
      PAGE_NAMES[title],
    ),
  );
  const skipLink = h("button", { class: "skip", type: "button", onclick: skip }, gettext("To the feature maps"));
  let skipTarget = "[role=grid]:not([hidden])";
  root.lang = document.documentElement.lang = language;
  fill(
    root,
    skipLink,
    h(
      "header",
      { class: "topbar" },
      h(
        "a",
        { class: "mark", href: "./", tabindex: "-1", onclick: (/** @type {Event} */ event) => event.preventDefault() },
        logo(),
        NAME,
      ),
      h("nav", { "aria-label": gettext("Pages") }, links),
      actions,
    ),
    main,
    presenter.element,
    h("footer", { class: "footer" }, facts, keyHints),
    toasts,
    dialog,
  );

  function skip() {
    const targets = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(skipTarget));
    ([...targets].find((each) => each.checkVisibility()) ?? main).focus(); // a menu that is closed has a grid too
  }

  /** @type {Shortcut[]} */
  let shortcuts = [];
  /** @type {string[][] | null} of what is open over the page */
  let hints = null;
  /** @type {string[][]} of the lesson's bar, which has them before the page */
  let barKeys = [];

  function drawKeys() {
    const shown =
      hints ?? shortcuts.filter((each) => each.footer).map(({ key, does }) => [key, does.split(":")[0].trim()]);
    fill(
      keyHints,
      shown.map(([key, does]) => h("span", {}, keyCaps(key), does)),
    );
  }
  /** @type {Shortcut | null} */
  let held = null;

  function toggleHelp() {
    if (dialog.open) return dialog.close();
    fill(
      dialog,
      h(
        "div",
        { class: "title-row" },
        h("h2", {}, gettext("Keys of this page")),
        h("button", { class: "button", type: "button", onclick: () => dialog.close() }, gettext("Close")),
      ),
      h(
        "dl",
        { class: "keys" },
        [...barKeys, ...shortcuts.map(({ key, does }) => [key, does])].map(([key, does]) =>
          h("div", {}, h("dt", {}, keyCaps(key)), h("dd", {}, does)),
        ),
      ),
      h("p", { class: "release" }, `${NAME} ${config.release}`),
    );
    dialog.showModal();
  }

  /** Keys belong to a field, a menu or an open dialog before they belong to the page. @param {KeyboardEvent} event */
  function isTaken(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
    const inPage =
      event.composedPath().includes(root) || target === document.body || target === document.documentElement;
    if (!inPage || event.altKey || event.defaultPrevented || root.querySelector("dialog[open]")) return true;
    if (target.matches("input:not([type=checkbox]):not([type=range]), select, textarea, [contenteditable]"))
      return true;
    if (target.matches("input[type=range]")) return event.key.startsWith("Arrow");
    return target.matches("button, a, input") && ["Enter", " "].includes(event.key);
  }

  /** @param {Shortcut} shortcut @param {KeyboardEvent} event */
  function isMeant({ ctrl = false, shift }, event) {
    return ctrl === (event.ctrlKey || event.metaKey) && (shift === undefined || shift === event.shiftKey);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key === "?" && !event.ctrlKey && !event.metaKey && (dialog.open || !isTaken(event))) {
      event.preventDefault();
      return toggleHelp();
    }
    if (isTaken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shortcut = shortcuts.find((each) => each.keys.includes(key) && isMeant(each, event));
    if (!shortcut) return;
    event.preventDefault();
    if (shortcut.release && held) return; // the key repeats itself
    if (shortcut.release) held = shortcut;
    shortcut.action(event);
  }

  /** The key that is held: let go, or the window has lost it. @param {Event} event */
  function onRelease(event) {
    if (event instanceof KeyboardEvent && !held?.keys.includes(event.key.toLowerCase())) return;
    held?.release?.();
    held = null;
  }
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", onRelease);
  window.addEventListener("blur", onRelease);
  document.title = `${PAGE_NAMES[config.page]} · ${NAME}`;

  /** Words that stay until they are taken away. @param {string} text @param {{title: string, act: () => void}} [button] beside them, which takes them away too */
  function lasting(text, button) {
    const said = h("span", {});
    const toast = h("div", { class: "toast" }, said);
    toasts.append(toast);
    setText(said, text);
    const end = () => toast.remove();
    if (button) toast.append(h("button", { type: "button", onclick: () => void (end(), button.act()) }, button.title));
    return { say: (/** @type {string} */ words) => setText(said, words), end };
  }

  return {
    root,
    main,
    presenter,
    toggleHelp,
    /** @param {...Node} elements what stands at the right of the top bar, left of the help */
    setActions(...elements) {
      fill(actions, elements, languageMenu, presentButton, helpButton);
    },
    /** Where the first Tab of the page leads. @param {string} title @param {string} selector */
    setSkip(title, selector) {
      setText(skipLink, title);
      skipTarget = selector;
    },
    /** @param {(Node | string)[][]} parts */
    setFacts(parts) {
      const text = parts
        .map((part) => part.map((piece) => (typeof piece === "string" ? piece : piece.textContent)).join(""))
        .join();
      if (facts.dataset.text === text) return;
      facts.dataset.text = text;
      fill(
        facts,
        parts.map((part) => h("span", {}, part)),
      );
    },
    /** @param {Shortcut[]} list those with footer are also shown at the bottom */
    setShortcuts(list) {
      shortcuts = presenter.withKeys(list);
      presentButton.hidden = !shortcuts.some(({ keys }) => keys.includes("p"));
      drawKeys();
    },
    /** The keys of a menu while it is open. @param {string[][] | null} keys each with what it does; null for the page's own */
    setHints(keys) {
      hints = keys;
      drawKeys();
    },
    /** What the lesson's bar does just now, each key with its words: stands in the list of keys. @param {string[][]} keys */
    setBarKeys: (keys) => void (barKeys = keys),
    /** Only for things done elsewhere: saved, link copied. @param {string} text @param {() => void} [undo] */
    toast(text, undo) {
      setTimeout(
        lasting(text, undo && { title: gettext("Undo"), act: undo }).end,
        undo || text.length > 60 ? 10_000 : 4000,
      ); // time to read it, and to reach its button
    },
    lasting,
    destroy() {
      presenter.destroy();
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("keyup", onRelease);
      window.removeEventListener("blur", onRelease);
    },
  };
}

/** @returns {SVGElement} a lens with three channels in it */
function logo() {
  const holder = document.createElement("div");
  holder.innerHTML =
    '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><circle cx="10" cy="10" r="8.75" fill="none" stroke="currentColor" stroke-width="1.8"/>' +
    '<rect x="5" y="7" width="2.6" height="6" fill="currentColor"/><rect x="8.7" y="8" width="2.6" height="4" style="fill:var(--marker)"/><rect x="12.4" y="8.6" width="2.2" height="2.8" fill="currentColor"/></svg>';
  return /** @type {SVGElement} */ (holder.firstElementChild);
}
