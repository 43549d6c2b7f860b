/** A run in words: what it is, how far it is, what became of it, and how its layers learn. */
import { chanceOf, epochsOf, isAlive } from "../charts/run_curves.js";
import { settingTitle, settingValue } from "../charts/recipe_words.js";
import { count, duration, marked, number, percent } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_curves.js").LayerHealth} LayerHealth */

/** @type {Record<string, string>} */
const DATASETS = {
  cifar10: "CIFAR-10",
  shapes: gettext("shapes"),
  folder: gettext("own pictures"),
  mix: gettext("mix"),
};
/** Sign, word and tone of each state. @type {Record<string, [string, string, string]>} */
const STATES = {
  running: ["●", gettext("running"), "good"],
  stopping: ["●", gettext("stopping"), "warn"],
  queued: ["○", gettext("queued"), "quiet"],
  stopped: ["■", gettext("stopped"), "quiet"],
  finished: ["✓", gettext("finished"), "quiet"],
  failed: ["✕", gettext("failed"), "bad"],
  crashed: ["✕", gettext("crashed"), "bad"],
  shipped: ["✓", gettext("shipped"), "quiet"],
};

/** @param {Run} run */
export function subtitle(run) {
  return gettext("{data}, seed {seed}", { data: DATASETS[run.dataset] ?? run.dataset, seed: run.seed });
}

/** @param {Run} run @returns {{sign: string, word: string, tone: string}} */
export function stateOf(run) {
  const [sign, word, tone] = STATES[run.state] ?? ["", run.state, "quiet"];
  return { sign, word, tone };
}

/** What stands beside a run's name in the list. @param {Run} run */
export function rowWords(run) {
  const [{ word }, epochs] = [stateOf(run), epochsOf(run)];
  const place = gettext("epoch {epoch} of {epochs}", { epoch: run.epoch, epochs });
  if (run.state === "running") return place;
  if (run.state === "finished") return `${word} · ${duration(run.duration)}`;
  if (run.state === "queued") return word;
  if (run.state === "shipped") return `${word} · ${ngettext("{n} epoch", "{n} epochs", epochs, { n: epochs })}`;
  return `${word} · ${place}`;
}

/** The reason in the row of a run that ended badly, waits or is held. @param {Run} run @param {Run[]} all */
export function reasonOf(run, all) {
  if (run.state === "crashed" && run.step > 0) {
    const crashed = gettext("The run crashed at epoch {epoch}, step {step}.", {
      epoch: run.epoch,
      step: count(run.step),
    });
    return [crashed, newestWords(run.checkpoints.at(-1)), sentence(run.message)].filter(Boolean).join(" ");
  }
  if (run.state === "queued") return sentence(withNames(run.message, all));
  const isHeld = ["running", "stopping"].includes(run.state) && run.step > 0;
  return isHeld || ["failed", "crashed"].includes(run.state) ? sentence(run.message) : "";
}

/** @param {import("../charts/run_curves.js").Kept | undefined} last "epoch-030", or "step-000123" where a run was stopped inside an epoch @returns {string} */
function newestWords(last) {
  if (!last) return "";
  if (last.epoch !== null) return gettext("Its newest checkpoint is of epoch {epoch}.", { epoch: last.epoch });
  return gettext("Its newest checkpoint is of step {step}.", { step: Number(last.name.replace(/^\D+/, "")) });
}

/** @param {string} text @param {Run[]} all ids give way to names */
function withNames(text, all) {
  return all.reduce((words, run) => words.replace(run.id, run.name), text);
}

/** @param {string} text @returns {string} capital letter in front, full stop behind */
export function sentence(text) {
  if (!text) return "";
  const whole = text[0].toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** The sentence under the title. @param {Run} run @param {Run[]} all */
export function storyOf(run, all) {
  const reason = reasonOf(run, all);
  if (reason) return reason;
  return [
    gettext("Epoch {epoch} of {epochs}.", { epoch: run.epoch, epochs: epochsOf(run) }),
    accuracyWords(run),
    reusedWords(run, all),
    endWords(run),
    sentence(run.verdict ?? ""),
  ]
    .filter(Boolean)
    .join(" ");
}

/** Which network a training began with. @param {string} start a name, RUN:EPOCH or a file @param {Run[]} all */
function startName(start, all) {
  const parts = start.split(/[\\/:]/);
  const run = all.find(({ id }) => parts.includes(id));
  const last = parts.at(-1) ?? start;
  if (!run) return last;
  const epoch = /^(?:epoch-0*)?(\d+)(?:\.\w+)?$/.exec(last);
  return epoch ? gettext("{run}, epoch {epoch}", { run: run.name, epoch: epoch[1] }) : run.name;
}

/** What a training took over from another network. @param {Run} run @param {Run[]} all */
function reusedWords({ recipe, held_out }, all) {
  // A run that an earlier version began had held other images out.
  if (!recipe.start_from)
    return held_out?.is_known === false ? gettext("The held-out images may have been learnt from before.") : "";
  const start = startName(recipe.start_from, all);
  const reused =
    recipe.freeze === "convolutions"
      ? gettext("The convolutions of {start} are reused.", { start })
      : gettext("It started from {start}.", { start });
  if (held_out?.learnt_before)
    return `${reused} ${gettext("{n} of the held-out images had been learnt from there.", { n: count(held_out.learnt_before) })}`;
  return held_out?.is_known ? reused : `${reused} ${gettext("The held-out images may have been learnt from there.")}`;
}

/** @param {Run} run */
function accuracyWords(run) {
  const accuracy = run.measured.val_accuracy;
  if (typeof accuracy === "number") {
    if (run.epoch > 0) return comparison(run, accuracy);
    return gettext("Validation accuracy {accuracy} before the first step ({n} pictures).", {
      accuracy: percent(accuracy),
      n: count(run.first?.val_images ?? 0),
    });
  }
  if (run.recipe.freeze === "convolutions" && run.step === 0 && isAlive(run))
    return gettext("What the convolutions make of the pictures is computed once.");
  if (run.step > 0) return gettext("Accuracy is measured at the end of each epoch.");
  return isAlive(run) ? gettext("Loading the data; the first loss comes in some seconds.") : "";
}

/** @param {Run} run @param {number} accuracy */
function comparison(run, accuracy) {
  const before = run.first?.val_accuracy;
  const values = { accuracy: percent(accuracy), before: percent(before), chance: percent(chanceOf(run).accuracy) };
  if (typeof before !== "number") return gettext("Validation accuracy {accuracy}; chance is {chance}.", values);
  if (accuracy <= before)
    return gettext("Validation accuracy {accuracy}, {before} before the first step; chance is {chance}.", values);
  if (run.recipe.start_from)
    return gettext("Validation accuracy {accuracy}, up from {before}; chance is {chance}.", values);
  return gettext("Validation accuracy {accuracy}, up from {before} before the first step; chance is {chance}.", values);
}

/** @param {Run} run */
function endWords(run) {
  const left = run.seconds_left ?? null;
  if (run.state === "running" && left !== null) return gettext("About {time} left.", { time: roughly(left) });
  if (run.state === "stopping") return gettext("It finishes its batch and writes a checkpoint.");
  if (run.state === "stopped") return gettext("Stopped on request; resume to go on.");
  if (run.state === "shipped")
    return gettext("It came with the app; its training took {time}.", { time: roughly(run.duration) });
  return run.state === "finished" ? gettext("Trained for {time}.", { time: duration(run.duration) }) : "";
}

/** @param {number} seconds */
export function roughly(seconds) {
  if (seconds < 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return `${marked((seconds / 3600).toFixed(1))} h`;
}

/** Two figures, and a power of ten where zeros would have to be counted. @param {number} value @returns {string} 0.0078, 8.0 × 10⁻⁶ */
export function small(value) {
  if (value >= 100) return number(value, 2);
  if (!(value > 0) || value >= 0.0001) return value > 0 ? marked(value.toPrecision(2)) : "0";
  const [figures, power] = value.toExponential(1).split("e-");
  return `${marked(figures)} × 10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** @param {number} bytes */
export function disk(bytes) {
  return bytes < 999_500_000
    ? gettext("{n} MB", { n: Math.round(bytes / 1e6) })
    : gettext("{n} GB", { n: marked((bytes / 1e9).toFixed(1)) });
}

/** Which recipe settings differ between runs. @param {Run[]} runs @param {Run[]} all for their names @returns {{key: string, values: string[]}[]} */
export function differences(runs, all) {
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run.recipe)))].filter((key) => key !== "preset");
  const rows = keys.map((key) => ({
    key: settingTitle(key),
    values: runs.map(({ recipe }) =>
      key === "start_from" ? startName(String(recipe[key] ?? ""), all) : settingValue(recipe[key]),
    ),
  }));
  return rows.filter(({ values }) => new Set(values).size > 1);
}

/** A plain sentence on the layers, and which of them are out of the usual range. @param {LayerHealth} health @param {number} epoch */
export function diagnosis({ layers, complaints, pace }, epoch) {
  const learning = layers.filter(({ gradient_norm: gradient }) => gradient !== null).map(({ layer }) => layer);
  if (!learning.length)
    return {
      odd: new Set(),
      words:
        epoch === 0
          ? gettext("Nothing has been learnt yet.")
          : gettext(
              "How the layers learnt was not measured in this epoch: the run was stopped between its last step and its validation.",
            ),
    };
  const odd = new Set(
    layers
      .map(({ layer }) => layer)
      .filter((layer) => complaints.some((words) => /^[\w.]+/.exec(words)?.[0] === layer)),
  );
  if (!complaints.length && pace === "hardly")
    return { odd, words: gettext("The learning rate is nearly gone, and the layers hardly move any more.") };
  if (!complaints.length)
    return {
      odd,
      words: learning.some((layer) => layer.startsWith("block"))
        ? gettext("All five blocks learn at a usual pace.")
        : gettext("The blocks are frozen; the layers behind them learn at a usual pace."),
    };
  const [first, ...others] = complaints;
  const more = others.length
    ? ` ${ngettext("{n} more is marked.", "{n} more are marked.", others.length, { n: others.length })}`
    : "";
  return { odd, words: sentence(first.replace(/^[\w.]+/, layerTitle)) + more };
}

/** @param {string} layer "block1.conv" @returns {string} block 1 */
export function layerTitle(layer) {
  return layer.startsWith("block") ? gettext("block {n}", { n: layer[5] }) : layer;
}
