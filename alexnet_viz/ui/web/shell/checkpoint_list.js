/** The groups and lines of the checkpoint menu, as elements. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./checkpoint_lines.js").Group} Group */
/** @typedef {import("./checkpoint_lines.js").Line} Line */
/** @typedef {import("./checkpoint_lines.js").Fold} Fold */
/** @typedef {{pick: (name: string) => void, unfold: (run: string) => void, openFile: () => void}} Actions */

/** @param {Group} group @param {boolean} isFirst it names the columns @param {boolean} isSearched @param {Actions} actions */
export function groupElement({ key, title, pictures, lines }, isFirst, isSearched, { pick, unfold, openFile }) {
  const leadsToFile = key === "own" && !isSearched;
  const file = leadsToFile
    ? h("button", { type: "button", class: "link", tabindex: "-1", onclick: openFile }, gettext("Open a file…"))
    : isFirst
      ? gettext("file")
      : "";
  const head = h(
    "div",
    { role: "row", class: leadsToFile ? "menu-head to-file" : "menu-head", tabindex: leadsToFile ? "-1" : false },
    [title, isFirst ? gettext("classes") : "", pictures, file].map((word) =>
      h("span", { role: typeof word === "string" && word ? "columnheader" : "gridcell" }, word),
    ),
  );
  return h(
    "div",
    { role: "rowgroup", "data-group": key },
    head,
    lines.map((line) => ("run" in line ? foldElement(line, unfold) : lineElement(line, pick))),
  );
}

/** @param {string} look @param {...(Node | string | null)} content */
const cell = (look, ...content) => h("span", { role: "gridcell", class: look }, content);

/** @param {Line} line @param {(name: string) => void} pick */
function lineElement(line, pick) {
  const name = cell("line-name", line.title, line.note ? h("span", { class: "quiet" }, ` ${line.note}`) : null);
  name.title = line.title;
  return h(
    "div",
    {
      role: "row",
      class: line.isOpen ? "menu-line open" : "menu-line",
      tabindex: line.isOpen ? "0" : "-1",
      "aria-selected": String(line.isOpen),
      "data-name": line.name,
      onclick: () => pick(line.name),
    },
    cell("line-check", line.isOpen ? "✓" : ""),
    name,
    [line.classes, line.score, line.file].map((text) => cell("line-number", text)),
  );
}

/** @param {Fold} fold @param {(run: string) => void} unfold */
function foldElement({ run, words }, unfold) {
  return h(
    "div",
    { role: "row", class: "menu-line fold", tabindex: "-1", "data-fold": run, onclick: () => unfold(run) },
    cell("line-check"),
    cell("line-name", words),
  );
}
