import js from "@eslint/js";

/** What Node has of a browser, as far as the tests use it. */
const NODE = ["DOMException", "Event", "EventTarget", "Response", "TextEncoder", "URL", "structuredClone"];
const PAGES = ["explore", "unit", "why", "compare", "train", "architecture", "classroom"];
const WEB = "alexnet_viz/ui/web";

const WORDS = "[value=/[a-z]{2}/i]";
const TOLD = "What a person reads goes through gettext of lib/language.js, so that every language can say it.";
/** Where the text of an element, of a toast and of what is read aloud stands. */
const UNTRANSLATED = [
  `CallExpression[callee.name=/^(h|fill)$/] > Literal${WORDS}:not(:first-child)`,
  `CallExpression[callee.name=/^(h|fill)$/] > ConditionalExpression:not(:first-child) > Literal${WORDS}`,
  `CallExpression[callee.name=/^(h|fill)$/] > ArrayExpression > Literal${WORDS}`,
  `CallExpression[callee.name=/^(h|fill|setText)$/] > TemplateLiteral:not(:first-child):has(TemplateElement[value.raw=/[a-z]{2}/i])`,
  `CallExpression[callee.name="setText"] > Literal${WORDS}:not(:first-child)`,
  `CallExpression[callee.property.name=/^(toast|lasting|say)$/] > Literal${WORDS}`,
  `CallExpression[callee.property.name=/^(toast|lasting|say)$/] > TemplateLiteral:has(TemplateElement[value.raw=/[a-z]{2}/i])`,
  `Property[key.value=/^(aria-label|aria-description|aria-roledescription|aria-valuetext)$/] > Literal.value${WORDS}`,
  `Property[key.name=/^(title|placeholder|alt|does)$/] > Literal.value${WORDS}`,
  `Property[key.value=/^aria-(?!activedescendant|describedby|labelledby|controls)/] > TemplateLiteral.value:has(TemplateElement[value.raw=/[a-z]{2}/i])`,
  `Property[key.name=/^(title|placeholder|alt|does)$/] > TemplateLiteral.value:has(TemplateElement[value.raw=/[a-z]{2}/i])`,
].map((selector) => ({ selector, message: TOLD }));
/** Rooms whose every word goes through gettext. */
const TRANSLATED = ["app.js", ...["lib", "server", "shell", "maps", "charts", ...PAGES].map((room) => `${room}/*.js`)];

/** A room imports nothing of these rooms. @param {string} room @param {string[]} rooms @param {string} message */
function without(room, rooms, message) {
  const patterns = [{ group: rooms.map((name) => `**/${name}/*`), message }];
  return { files: [`${WEB}/${room}/*.js`], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default [
  { ignores: [".venv/", "runs/", "data/"] },
  js.configs.recommended,
  {
    files: ["alexnet_viz/ui/**/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module" },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      complexity: ["error", 12], // every ?. and ?? counts as a branch here
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 160], // a page is one closure; what it does stands in its parts
      "no-undef": "off", // the type checker finds unknown names, and knows the browser's
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  without("lib", ["server", "shell", "maps", "charts", ...PAGES], "lib knows nothing but itself"),
  without("server", ["shell", "maps", "charts", ...PAGES], "the server's answers know no page"),
  without("maps", ["shell", "charts", ...PAGES], "maps are drawn for any page"),
  without("charts", ["maps", ...PAGES], "charts are drawn for any page"),
  without("shell", ["maps", "charts", ...PAGES], "the shell stands around any page"),
  ...PAGES.map((page) =>
    without(
      page,
      PAGES.filter((other) => other !== page),
      "a page imports no other page: what both need stands in lib, shell, maps or charts",
    ),
  ),
  { files: TRANSLATED.map((path) => `${WEB}/${path}`), rules: { "no-restricted-syntax": ["error", ...UNTRANSLATED] } },
  {
    files: ["tests/web/**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["document", "fetch", ...NODE].map((name) => [name, NODE.includes(name) ? "readonly" : "writable"]),
      ),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
