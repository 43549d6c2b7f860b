/** The form of a new run, with what it will take here. */
import { postJson } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { settingValue } from "../charts/recipe_words.js";
import { recall, remember } from "../shell/tab_storage.js";
import { createDataChoice } from "./data_choice.js";
import { createEstimate } from "./estimate.js";
import { advancedRows, choice, grouped, numberField, putBack, row, startRows, valuesOf } from "./form_fields.js";

/** @typedef {import("./data_choice.js").DataSet} DataSet */
/** @typedef {{datasets: DataSet[], presets: {name: string, summary: string, recipe: Record<string, any>}[], words: Record<string, string[]>, ranges: Record<string, [number, number]>, checkpoints: {name: string, title: string}[], device: string}} Options */

const LIMITS = [20_000, 10_000, 4992, 2000, 1000, 512, 256, 64];
const MEMORY = "train-form"; // what stands in the form survives a change of page and a reload

/**
 * @param {import("./data_choice.js").Frame} frame
 * @param {{onLaunched: (run: any) => void, onFail: (error: unknown) => void}} actions
 */
export function createForm(frame, actions) {
  /** @type {Options | null} */
  let options = null;
  let isLaunching = false;

  const data = createDataChoice(frame, { onChange: onData, onUpload, onFail: actions.onFail });
  const presetField = choice("preset", gettext("preset"), onPreset);
  const start = h("div", {});
  const images = choice("images", gettext("images"), changed);
  const epochs = numberField("epochs", gettext("epochs"), "1", changed);
  const seed = numberField("seed", gettext("seed"), "0", changed);
  const advancedFields = h("div", { class: "form-advanced", hidden: true });
  const advancedButton = h(
    "button",
    { class: "link", type: "button", "aria-expanded": "false", onclick: toggleAdvanced },
    gettext("advanced settings"),
  );
  const launch = h(
    "button",
    { class: "button primary launch", type: "button", disabled: true, onclick: () => void submit() },
    gettext("Launch run"),
  );
  const estimate = createEstimate(request);
  const element = h(
    "form",
    {
      class: "new-run",
      "aria-label": gettext("New run"),
      onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
    },
    h("div", { class: "title-row" }, h("h3", { class: "side-title" }, gettext("New run")), advancedButton),
    data.elements,
    row(gettext("preset"), presetField),
    start,
    row(gettext("images"), images),
    row(gettext("epochs"), epochs),
    row(gettext("seed"), seed),
    advancedFields,
    launch,
    estimate.element,
  );

  function preset() {
    return options?.presets.find(({ name }) => name === presetField.value);
  }

  /** @returns {HTMLInputElement[]} the fields of the recipe that are not always there */
  function recipeFields() {
    return [.../** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("[data-key]"))];
  }

  const fields = () => [images, epochs, seed, ...recipeFields()];

  /** @param {Options} given */
  function setOptions(given) {
    const left = recall(MEMORY) ?? {};
    fill(
      presetField,
      given.presets.map(({ name, summary }) => h("option", { value: name, title: summary }, settingValue(name))),
    );
    putBack([presetField], { preset: left.preset });
    options = given;
    onPreset();
    data.offer(given.datasets, left.data ?? "", left.upload ?? null);
    putBack(fields(), left.values ?? {});
    changed();
  }

  function onData() {
    const [total, before] = [data.total(), images.value];
    const limits = LIMITS.filter((limit) => limit < total);
    const own = data.chosen()?.name;
    fill(images, h("option", { value: "0" }, allWords(total, own === "folder")), limits.map(limitOption));
    images.value = limits.map(String).includes(before) ? before : own === "cifar10" ? "4992" : "0";
    changed();
  }

  /** A few dozen images are too few to learn to see from, and enough to learn what is seen. */
  function onUpload() {
    if (presetField.value !== "fast") return;
    presetField.value = "fine-tune";
    onPreset();
  }

  function onPreset() {
    const recipe = preset()?.recipe ?? {};
    presetField.title = preset()?.summary ?? "";
    epochs.value = String(recipe.epochs ?? 3);
    if (!seed.value) seed.value = String(recipe.seed ?? 0);
    fill(start, startRows(recipe, options?.checkpoints ?? [], changed));
    fill(advancedFields, advancedRows(recipe, options, changed));
    changed();
  }

  function toggleAdvanced() {
    advancedFields.hidden = !advancedFields.hidden;
    advancedButton.setAttribute("aria-expanded", String(!advancedFields.hidden));
  }

  /** What is asked for; only what differs from the preset is sent. */
  function request() {
    const recipe = preset()?.recipe ?? {};
    const changes = recipeFields().filter((field) => field.value !== String(recipe[field.dataset.key ?? ""]));
    const settings = {
      epochs: epochs.value,
      seed: seed.value,
      limit: images.value,
      ...Object.fromEntries(changes.map((field) => [field.dataset.key, field.value])),
    };
    return { dataset: data.chosen()?.name ?? "", preset: presetField.value, settings, data: data.upload?.data ?? "" };
  }

  function changed() {
    if (data.chosen())
      remember(MEMORY, {
        data: data.chosen()?.name,
        preset: presetField.value,
        upload: data.upload,
        values: valuesOf(fields()),
      });
    const isReady = data.isReady();
    launch.disabled = isLaunching || !isReady;
    launch.title = isReady ? "" : gettext("The data are not here yet");
    estimate.want(isReady);
  }

  async function submit() {
    if (isLaunching || !data.isReady()) return;
    isLaunching = launch.disabled = true;
    setText(launch, gettext("Launching"));
    try {
      actions.onLaunched(await postJson("runs/launch", request()));
    } catch (error) {
      actions.onFail(error);
    }
    isLaunching = false;
    setText(launch, gettext("Launch run"));
    changed();
  }

  return { element, setOptions, measure: changed, destroy: estimate.destroy };
}

/** "all 50 000 an epoch": of a person's own images some are held out as well. @param {number} total 0 where it is not known @param {boolean} isOwn */
function allWords(total, isOwn) {
  if (!total) return gettext("all");
  return isOwn ? gettext("all {n}", { n: grouped(total) }) : gettext("all {n} an epoch", { n: grouped(total) });
}

/** @param {number} limit images an epoch */
function limitOption(limit) {
  return h("option", { value: String(limit) }, gettext("{n} an epoch", { n: grouped(limit) }));
}
