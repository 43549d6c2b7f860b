/** One run of the list: line sample, name, state, best validation accuracy; why it has ended; the question before it is deleted. */
import { fill, h, setText } from "../lib/dom.js";
import { percent } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createRunMenu } from "./run_menu.js";
import { reasonOf, rowWords, stateOf, subtitle } from "./run_words.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("./run_list.js").RunActions} RunActions */
/** @typedef {import("./run_list.js").RunsView} RunsView */

/** @param {string} id of the run @param {RunActions} actions */
export function createRunRow(id, actions) {
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
  /** @type {Run | null} */
  let known = null;
  const menu = createRunMenu({ run: () => known, actions, onDelete: askToDelete });
  const element = h(
    "li",
    {
      class: "run-row",
      onpointerenter: () => actions.onHighlight(id),
      onpointerleave: () => actions.onHighlight(null),
    },
    sample,
    main,
    menu.element,
    reason,
    question,
  );

  /** After a click the keys belong to the page again: Space plays. @param {MouseEvent} event */
  function select(event) {
    actions.onSelect(id);
    if (event.detail > 0) main.blur();
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
      gettext("Delete {run}, its curves and its checkpoints?", { run: known?.name ?? "" }),
      " ",
      remove,
      " ",
      keep,
    );
    question.hidden = false;
    keep.focus();

    function answer() {
      question.hidden = true;
      menu.focus();
    }
  }

  return {
    element,
    close: menu.close,
    /** @param {Run} run @param {RunsView} v */
    update(run, v) {
      known = run;
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
      menu.update(run);
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
