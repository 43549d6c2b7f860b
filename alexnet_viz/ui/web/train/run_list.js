/** The list of runs: line sample, name, state, best validation accuracy; what can be done with a run in its menu. */
import { address } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { checkpointAddress } from "./replay.js";
import { isAlive } from "../charts/run_curves.js";
import { reasonOf, rowWords, stateOf, subtitle } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_colours.js").Look} Look */
/** @typedef {"stop" | "kill" | "resume" | "delete"} Action */
/** @typedef {{runs: Run[], isKnown: boolean, selected: string, shown: Set<string>, lookOf: (run: string) => Look}} RunsView isKnown: the server has told them */

const SORTS = { newest: gettext("newest first"), best: gettext("best first"), name: gettext("by name") };
const MANY = 6;

/** @param {{onSelect: (run: string) => void, onShow: (run: string) => void, onHighlight: (run: string | null) => void, onDo: (run: string, action: Action) => void, onNote: (run: string, note: string) => void, onOpen: (run: Run) => void}} actions */
export function createRunList(actions) {
  let sort = /** @type {keyof typeof SORTS} */ ("newest");
  let filter = "";
  /** @type {RunsView | null} */
  let view = null;
  /** @type {Map<string, ReturnType<typeof createRow>>} */
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
      const row = rows.get(run.id) ?? createRow(run.id, actions);
      rows.set(run.id, row);
      row.update(run, v);
      if (list.children[i] !== row.element) list.insertBefore(row.element, list.children[i] ?? null);
    });
    for (const [id, row] of rows) if (!order.some((run) => run.id === id)) row.element.remove();
  }

  return { element, update };
}

/** @param {string} id @param {Parameters<typeof createRunList>[0]} actions */
function createRow(id, actions) {
  const sample = h("button", { class: "run-sample", type: "button", onclick: () => actions.onShow(id) });
  const name = h("b", {});
  const words = h("span", { class: "run-state" });
  const best = h("b", { class: "run-best" });
  const main = h("button", { class: "run-main", type: "button", onclick: select }, name, " ", words, best);
  const why = h("span", {});
  const again = h(
    "button",
    { class: "link", type: "button", onclick: () => actions.onDo(id, "resume") },
    gettext("Resume"),
  );
  const reason = h("p", { class: "run-reason", hidden: true }, why, " ", again);
  const question = h("p", { class: "run-reason", role: "alert", hidden: true });
  const menu = h("div", { class: "menu run-menu" });
  const more = h("button", { class: "run-more", type: "button" }, "⋯");
  /** @type {{run: Run, view: RunsView} | null} */
  let known = null;
  const popover = createPopover(more, menu, fillMenu);
  const element = h(
    "li",
    {
      class: "run-row",
      onpointerenter: () => actions.onHighlight(id),
      onpointerleave: () => actions.onHighlight(null),
    },
    sample,
    main,
    popover.element,
    reason,
    question,
  );

  /** After a click the keys belong to the page again: Space plays. @param {MouseEvent} event */
  function select(event) {
    actions.onSelect(id);
    if (event.detail > 0) main.blur();
  }

  /** @param {string} text @param {() => void} does */
  function item(text, does) {
    return h("button", { type: "button", onclick: () => (popover.close(), does()) }, text);
  }

  /** The list scrolls, so its menus are laid over the page. */
  function placeMenu() {
    const { right, top, bottom } = popover.element.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const isBelow = bottom + height + 8 < window.innerHeight;
    Object.assign(menu.style, {
      position: "fixed",
      right: "auto",
      left: `${Math.max(8, right - width)}px`,
      top: `${isBelow ? bottom + 4 : Math.max(8, top - height - 4)}px`,
    });
  }

  function fillMenu() {
    if (!known) return;
    const { run } = known;
    const last = run.checkpoints.at(-1);
    fill(
      menu,
      last ? item(gettext("Open in Explore"), () => actions.onOpen(run)) : null,
      isAlive(run) && run.state !== "stopping" ? item(gettext("Stop"), () => actions.onDo(id, "stop")) : null,
      isAlive(run) ? item(gettext("End at once, without a checkpoint"), () => actions.onDo(id, "kill")) : null,
      ["stopped", "failed", "crashed"].includes(run.state)
        ? item(gettext("Resume"), () => actions.onDo(id, "resume"))
        : null,
      item(gettext("Download metrics (CSV)"), () => save(address(`runs/${id}/metrics.csv`).href, `${id}.csv`)),
      last
        ? item(gettext("Download checkpoint ({name})", { name: last.name }), () =>
            save(checkpointAddress(id, last.name), ""),
          )
        : null,
      run.state === "shipped"
        ? null
        : h(
            "label",
            { class: "run-note" },
            gettext("note"),
            h("input", {
              class: "form-control",
              value: run.note,
              maxlength: "2000",
              onchange: (/** @type {Event} */ event) =>
                actions.onNote(id, /** @type {HTMLInputElement} */ (event.currentTarget).value),
            }),
          ),
      isAlive(run) || run.state === "shipped"
        ? null
        : h(
            "button",
            { type: "button", class: "danger", onclick: () => (popover.close(false), askToDelete()) },
            gettext("Delete"),
          ),
    );
    placeMenu();
  }

  /** Deleting is asked for once more, in the row, and never answered by the second press of a double one. */
  function askToDelete() {
    const remove = h(
      "button",
      { class: "link danger", type: "button", onclick: () => actions.onDo(id, "delete") },
      gettext("Delete for good"),
    );
    const keep = h("button", { class: "link", type: "button", onclick: () => answer() }, gettext("Keep"));
    fill(
      question,
      gettext("Delete {run}, its curves and its checkpoints?", { run: known?.run.name ?? "" }),
      " ",
      remove,
      " ",
      keep,
    );
    question.hidden = false;
    keep.focus();

    function answer() {
      question.hidden = true;
      more.focus();
    }
  }

  /** @param {string} href @param {string} file its name, "" for the server's */
  function save(href, file) {
    const link = h("a", { href, download: file });
    element.append(link);
    link.click();
    link.remove();
  }

  return {
    element,
    close: () => popover.close(false),
    /** @param {Run} run @param {RunsView} v */
    update(run, v) {
      known = { run, view: v };
      const isShown = v.shown.has(id);
      const { colour, dash } = v.lookOf(id);
      const drawn = `${colour}${dash}${isShown}`;
      if (sample.dataset.drawn !== drawn) {
        sample.dataset.drawn = drawn;
        sample.innerHTML = `<svg width="26" height="10" viewBox="0 0 26 10" aria-hidden="true"><line x1="0" y1="5" x2="26" y2="5" stroke="${isShown ? colour : "var(--line)"}" stroke-width="2.4" stroke-dasharray="${dash || "none"}"/></svg>`;
      }
      sample.setAttribute("aria-pressed", String(isShown));
      sample.setAttribute("aria-label", gettext("{run} on the chart", { run: run.name }));
      sample.title = isShown ? gettext("Take it off the chart") : gettext("Draw it on the chart");
      main.setAttribute("aria-current", String(v.selected === id));
      setText(name, run.name);
      more.setAttribute("aria-label", gettext("More: {name}", { name: run.name }));
      setText(words, rowWords(run));
      words.className = `run-state ${["failed", "crashed"].includes(run.state) ? stateOf(run).tone : ""}`;
      setText(best, run.best === null ? "" : percent(run.best));
      main.title = [rowWords(run), subtitle(run), run.note].filter(Boolean).join("\n");
      const sentence = reasonOf(run, v.runs);
      reason.hidden = !sentence;
      setText(why, sentence);
      again.hidden = !["failed", "crashed"].includes(run.state);
      again.setAttribute("aria-label", gettext("Resume {run}", { run: run.name }));
    },
  };
}
