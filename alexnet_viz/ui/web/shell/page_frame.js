/** The frame of every page: top bar, footer, toasts, help, and the keys. */
import { fill, h, setText } from "../lib/dom.js";
import { LANGUAGES, chooseLanguage, gettext, language } from "../lib/language.js";
import { createFooter } from "./footer.js";
import { createKeysHelp } from "./keys_help.js";
import { createPageKeys } from "./page_keys.js";
import { PAGE_NAMES } from "./page_names.js";
import { createPresenter } from "./presenter.js";
import { createToasts } from "./toasts.js";
import { pageUrl, visit } from "./url.js";

const NAME = "alexnet_viz";

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
  const footer = createFooter();
  // The shell has the one main of the document, around all of this.
  const main = h("div", { class: "page", id: "page", tabindex: "-1" });
  const presenter = createPresenter(root, main);
  const toasts = createToasts();
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
  const languageMenu = createLanguageMenu();
  const help = createKeysHelp(`${NAME} ${config.release}`);
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
      h("nav", { "aria-label": gettext("Pages") }, pageLinks(config)),
      actions,
    ),
    main,
    presenter.element,
    footer.element,
    toasts.element,
    help.element,
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
    footer.setKeys(
      hints ??
        shortcuts.filter(({ footer: isShown }) => isShown).map(({ key, does }) => [key, does.split(":")[0].trim()]),
    );
  }

  function toggleHelp() {
    help.toggle([...barKeys, ...shortcuts.map(({ key, does }) => [key, does])]);
  }

  const pageKeys = createPageKeys(root, {
    shortcuts: () => shortcuts,
    isHelpOpen: () => help.element.open,
    toggleHelp,
  });
  document.title = `${PAGE_NAMES[config.page]} · ${NAME}`;

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
    setFacts: footer.setFacts,
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
    toast: toasts.toast,
    lasting: toasts.lasting,
    destroy() {
      presenter.destroy();
      pageKeys.destroy();
    },
  };
}

/** @returns {HTMLSelectElement} */
function createLanguageMenu() {
  const menu = h(
    "select",
    {
      class: "help language",
      "aria-label": gettext("Language"),
      title: gettext("Language"),
      onchange: () => chooseLanguage(menu.value),
    },
    Object.entries(LANGUAGES).map(([code, name]) =>
      h("option", { value: code, lang: code, selected: code === language }, `${code.toUpperCase()}\u2003${name}`),
    ),
  );
  return menu;
}

/** Links to the pages, which change without loading the document anew. @param {{pages: Page[], page: string}} config */
function pageLinks({ pages, page }) {
  return pages.map(({ title, path }) =>
    h(
      "a",
      {
        href: path || "./",
        "aria-current": title === page ? "page" : false,
        onclick: (/** @type {MouseEvent} */ event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          // By the address: the shell may still be on its way to the page of the click before.
          if (location.pathname !== pageUrl(path).pathname) visit(path, {});
        },
      },
      PAGE_NAMES[title],
    ),
  );
}

/** @returns {SVGElement} a lens with three channels in it */
function logo() {
  const holder = document.createElement("div");
  holder.innerHTML =
    '<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><circle cx="10" cy="10" r="8.75" fill="none" stroke="currentColor" stroke-width="1.8"/>' +
    '<rect x="5" y="7" width="2.6" height="6" fill="currentColor"/><rect x="8.7" y="8" width="2.6" height="4" style="fill:var(--marker)"/><rect x="12.4" y="8.6" width="2.2" height="2.8" fill="currentColor"/></svg>';
  return /** @type {SVGElement} */ (holder.firstElementChild);
}
