import js from "@eslint/js";

/** What Node has of a browser, as far as the tests use it. */
const NODE = ["DOMException", "Event", "EventTarget", "Response", "TextEncoder", "URL", "structuredClone"];
const PAGES = ["explore", "unit", "why", "compare", "train", "architecture", "classroom"];
const WEB = "alexnet_viz/ui/web";

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
      "max-lines-per-function": ["error", 200], // a page is one closure; what it does stands in its parts
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
  ...PAGES.map((page) => without(page, PAGES.filter((other) => other !== page), "a page imports no other page: what both need stands in lib, shell, maps or charts")),
  {
    files: ["tests/web/**/*.js"],
    languageOptions: { globals: Object.fromEntries(["document", "fetch", ...NODE].map((name) => [name, NODE.includes(name) ? "readonly" : "writable"])) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
