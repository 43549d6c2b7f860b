/** The list of runs: sorted, filtered, a row a run. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createRunRow } from "./run_row.js";
import { stateOf } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_colours.js").Look} Look */
/** @typedef {"stop" | "kill" | "resume" | "delete"} Action */
/** @typedef {{onSelect: (run: string) => void, onShow: (run: string) => void, onHighlight: (run: string | null) => void, onDo: (run: string, action: Action) => void, onNote: (run: string, note: string) => void, onOpen: (run: Run) => void}} RunActions */
/** @typedef {{runs: Run[], isKnown: boolean, selected: string, shown: Set<string>, lookOf: (run: string) => Look}} RunsView isKnown: the server has told them */

const SORTS = { newest: gettext("newest first"), best: gettext("best first"), name: gettext("by name") };
const MANY = 6;

/** @param {RunActions} actions */
export function createRunList(actions) {
  let sort = /** @type {keyof typeof SORTS} */ ("newest");
  let filter = "";
  /** @type {RunsView | null} */
  let view = null;
  /** @type {Map<string, ReturnType<typeof createRunRow>>} */
  const rows = new Map();
  const sortPick = h(
    "select",
    {
      class: "plain-select quiet",
      "aria-label": gettext("Order of the runs"),
      onchange: () => ((sort = /** @type {keyof typeof SORTS} */ (sortPick.value)), redraw()),
    },
    Object.entries(SORTS).map(([value, title]) => h("option", { value }, title)),
  );
  const filterField = h("input", {
    class: "form-control runs-filter",
    type: "search",
    placeholder: gettext("find a run"),
    "aria-label": gettext("Find a run"),
    hidden: true,
    oninput: () => ((filter = filterField.value.toLowerCase()), redraw()),
  });
  const list = h("ul", { class: "runs-list" });
  const empty = h("p", { class: "sentence", hidden: true }, gettext("No runs yet. The shapes data needs no download."));
  const head = h("span", { class: "note" }, gettext("best validation accuracy"));
  const element = h(
    "section",
    { class: "runs", "aria-label": gettext("Runs") },
    h("div", { class: "title-row" }, h("h3", { class: "side-title" }, gettext("Runs"), " ", sortPick), head),
    filterField,
    empty,
    list,
  );

  function redraw() {
    if (view) update(view);
  }

  /** @param {RunsView} v */
  function ordered(v) {
    const found = v.runs.filter((run) =>
      `${run.name} ${run.dataset} ${stateOf(run).word} ${run.note}`.toLowerCase().includes(filter),
    );
    if (sort === "best") return found.sort((a, b) => (b.best ?? -1) - (a.best ?? -1));
    if (sort === "name") return found.sort((a, b) => a.name.localeCompare(b.name));
    return found;
  }

  /** @param {RunsView} v */
  function update(v) {
    view = v;
    for (const [id, row] of rows) {
      if (v.runs.some((run) => run.id === id)) continue;
      row.close();
      row.element.remove();
      rows.delete(id);
    }
    empty.hidden = !v.isKnown || v.runs.some(({ state }) => state !== "shipped");
    head.hidden = v.runs.length === 0;
    sortPick.hidden = v.runs.length < 2;
    filterField.hidden = v.runs.length <= MANY && filter === "";
    const order = ordered(v);
    order.forEach((run, i) => {
      const row = rows.get(run.id) ?? createRunRow(run.id, actions);
      rows.set(run.id, row);
      row.update(run, v);
      if (list.children[i] !== row.element) list.insertBefore(row.element, list.children[i] ?? null);
    });
    for (const [id, row] of rows) if (!order.some((run) => run.id === id)) row.element.remove();
  }

  return { element, update };
}
