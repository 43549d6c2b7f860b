/** The curves of the trainings that several checkpoints come from, over each other. */
import { getJson } from "../server/api.js";
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createLossChart } from "../charts/loss_chart.js";
import { assign, lookOf } from "../charts/run_colours.js";
import { readCurves } from "../charts/run_curves.js";

/** @typedef {import("../charts/run_curves.js").Curves} Curves */
/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/**
 * @typedef {{names: string[], recipes: import("./recipe_table.js").Table | null, checkpoints: CheckpointEntry[], theme: "light" | "dark"}} CurvesView
 *   names: of the checkpoints; recipes: in the same order
 */

/** The training that a checkpoint comes from: several epochs of it share a curve. @param {string} name @returns {string} */
export function trainingOf(name) {
  return name.includes(":") ? name.slice(0, name.lastIndexOf(":")) : name.replace(/-epoch-\d+$/, "");
}

export function createRecipeCurves() {
  const missing = h("p", { class: "note" });
  const element = h("div", { class: "recipe-curves" }, h("h3", {}, gettext("Loss and validation accuracy")), missing);
  /** @type {ReturnType<typeof createLossChart> | null} made when it is first needed: the chart library is large */
  let chart = null;
  /** @type {Map<string, Curves | string>} by training; a text where there is none */
  const curves = new Map();

  /** What the chart needs to know of a training. @param {string} id @param {Curves} own @param {CurvesView} v @returns {Run} */
  function runOf(id, own, { names, recipes, checkpoints }) {
    const at = names.findIndex((name) => trainingOf(name) === id);
    const epochs =
      Number(recipes?.settings.find(({ name }) => name === "epochs")?.values[at]) || Math.max(1, ...own.epoch);
    const steps = /** @type {any} */ (own.events.find(({ event }) => event === "started"))?.steps ?? null;
    const entry = checkpoints.find(({ name }) => trainingOf(name) === id);
    const name = entry ? entry.title.split(" · ")[0].replace(/-epoch-\d+$/, "") : id;
    return /** @type {Run} */ (/** @type {unknown} */ ({ id, name, recipe: { epochs }, steps, epoch: epochs }));
  }

  return {
    element,
    /** Ask for the curve of a checkpoint's training, once. @param {string} name */
    async load(name) {
      const training = trainingOf(name);
      if (curves.has(training)) return;
      try {
        curves.set(training, readCurves(await getJson("comparison/curves", { checkpoint: name })));
      } catch (error) {
        curves.set(training, error instanceof Error ? error.message : String(error));
      }
    },
    /** @param {CurvesView} v */
    update(v) {
      const trainings = [...new Set(v.names.map(trainingOf))];
      const known = trainings.flatMap((id) => {
        const own = curves.get(id);
        return own && typeof own !== "string" ? [{ id, own }] : [];
      });
      setText(
        missing,
        trainings
          .map((id) => curves.get(id))
          .filter((each) => typeof each === "string")
          .map((each) => `${each}. `)
          .join(""),
      );
      if (!known.length) return;
      if (!chart) {
        chart = createLossChart({
          onEpoch: () => undefined,
          onMove: () => undefined,
          onHighlight: () => undefined,
          onFail: (error) => setText(missing, error.message),
        });
        missing.before(chart.element);
      }
      assign(
        known.map(({ id }) => id),
        known.map(({ id }) => id),
      );
      chart.update({
        lines: known.map(({ id, own }, i) => ({
          run: runOf(id, own, v),
          curves: own,
          ...lookOf(id, v.theme),
          selected: i === 0,
        })),
        smoothing: 0.9,
        log: false,
        epoch: null,
        lifted: null,
        theme: v.theme,
        numbered: true,
      });
    },
    destroy: () => chart?.destroy(),
  };
}
