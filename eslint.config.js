import js from "@eslint/js";

/** What Node has of a browser, as far as the tests use it. */
const NODE = ["DOMException", "Event", "EventTarget", "Response", "TextEncoder", "URL", "structuredClone"];

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
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "no-undef": "off", // the type checker finds unknown names, and knows the browser's
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["tests/web/**/*.js"],
    languageOptions: { globals: Object.fromEntries(["document", "fetch", ...NODE].map((name) => [name, NODE.includes(name) ? "readonly" : "writable"])) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
