import js from "@eslint/js";

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
    languageOptions: { globals: { document: "writable", fetch: "writable", Response: "readonly", TextEncoder: "readonly", URL: "readonly" } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: { eqeqeq: "error", "no-var": "error", "prefer-const": "error" },
  },
];
