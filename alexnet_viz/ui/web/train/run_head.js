/** What stands above the chart: the selected run in words, and the tools. */
import { fill, h, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { stateOf, storyOf, subtitle } from "./run_words.js";
import { createRecipeDifferences } from "./recipe_differences.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("./state.js").State} State */

const RESUMABLE = ["stopped", "failed", "crashed"];

/** What S and the button do with a run. @param {Run | null} run @returns {"stop" | "resume" | null} */
export function actionOn(run) {
  if (run?.state === "running" || run?.state === "queued") return "stop";
  return run && RESUMABLE.includes(run.state) ? "resume" : null;
}

/** @param {{set: (changes: Partial<State>) => void, onAction: () => void}} page */
export function createRunHead({ set, onAction }) {
  const differences = createRecipeDifferences();
  const axisPick = createPick(gettext("loss axis"), (axis) => set({ axis }));
  const smoothing = h("input", {
    class: "pick-number",
    type: "number",
    min: "0",
    max: "0.99",
    step: "0.05",
    "aria-label": gettext("smoothing"),
    onchange: () => set({ smoothing: String(Math.min(0.99, Math.max(0, Number(smoothing.value) || 0))) }),
  });
  const action = h("button", { class: "button", type: "button", onclick: onAction });
  const title = h("h2", {});
  const badge = h("span", { class: "run-badge" });
  const story = h("p", { class: "sentence", role: "status", "aria-live": "polite" });
  const head = h(
    "div",
    { class: "train-head" },
    h("div", { class: "train-title" }, title, badge),
    h(
      "div",
      { class: "train-tools" },
      differences.element,
      h("label", { class: "pick plain" }, h("span", { class: "pick-label" }, gettext("smoothing")), smoothing),
      axisPick.element,
      action,
    ),
  );

  /** @param {Run} run */
  function drawAction(run) {
    const does = actionOn(run);
    setText(
      action,
      does === "stop"
        ? gettext("Stop")
        : does === "resume"
          ? gettext("Resume")
          : run.state === "stopping"
            ? gettext("Stopping")
            : gettext("Finished"),
    );
    action.disabled = does === null;
    action.hidden = ["finished", "shipped"].includes(run.state);
  }

  return {
    head,
    story,
    /** @param {Run | null} run @param {Run[]} runs @param {Run[]} shown @param {State} state */
    update(run, runs, shown, state) {
      axisPick.update(
        [
          { value: "linear", title: gettext("linear") },
          { value: "log", title: gettext("log") },
        ],
        state.axis,
      );
      smoothing.value = Number(state.smoothing).toFixed(2);
      differences.update(shown, runs);
      for (const each of [head, story]) each.classList.toggle("absent", run === null);
      if (!run) return;
      fill(title, run.name, " ", h("span", { class: "light" }, subtitle(run)));
      const { sign, word, tone } = stateOf(run);
      fill(
        badge,
        h("span", { class: sign === "●" ? "run-dot" : "", "aria-hidden": "true" }, sign === "●" ? "" : sign),
        word,
      );
      badge.className = `run-badge ${tone}`;
      setText(story, storyOf(run, runs));
      const before = run.first?.val_images
        ? gettext("Before the first step, {n} of the held-out pictures were looked at.", {
            n: count(run.first.val_images),
          })
        : "";
      story.title = [story.textContent, before].filter(Boolean).join("\n");
      drawAction(run);
    },
  };
}
