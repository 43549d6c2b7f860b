/** The form of a new run, with what it will take here. */
import { postJson, sendFile } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { disk, roughly } from "./run_words.js";
import { recall, remember } from "../shell/tab_storage.js";
import { uploadSummary } from "./upload_summary.js";

/**
 * @typedef {{name: string, title: string, images: number, held_out: string, missing?: string}} DataSet
 * @typedef {{datasets: DataSet[], presets: {name: string, summary: string, recipe: Record<string, any>}[], words: Record<string, string[]>, ranges: Record<string, [number, number]>, checkpoints: string[], device: string}} Options
 */

const LIMITS = [64, 256, 512, 1000, 2000, 4992, 10_000, 20_000];
const ADVANCED = ["learning_rate", "batch_size", "optimiser", "schedule", "augmentation", "dropout", "weight_decay", "label_smoothing", "precision", "keep_every"];
const MEMORY = "train-form"; // what stands in the form survives a change of page and a reload
const ESTIMATE_AFTER = 400; // ms without a change

/** @param {{onLaunched: (run: any) => void, onFail: (error: unknown) => void}} actions */
export function createForm(actions) {
  /** @type {Options | null} */
  let options = null;
  /** @type {import("./upload_summary.js").Upload | null} */
  let upload = null;
  let timer = 0;
  let asked = 0;
  let isLaunching = false;

  const data = choice("data", onData);
  const presetField = choice("preset", onPreset);
  const start = h("div", {});
  const images = choice("images", changed);
  const epochs = numberField("epochs", "1");
  const seed = numberField("seed", "0");
  const advancedFields = h("div", { class: "form-advanced", hidden: true });
  const advancedButton = h("button", { class: "link", type: "button", "aria-expanded": "false", onclick: toggleAdvanced }, "advanced settings");
  const launch = h("button", { class: "button primary launch", type: "button", onclick: () => void submit() }, "Launch run");
  const estimate = h("p", { class: "note estimate", role: "status" });
  const dataNote = h("div", { class: "form-note", role: "status", hidden: true });
  const file = h("input", { type: "file", accept: ".zip", hidden: true, "aria-label": "Zip of class folders", onchange: () => void send() });
  const element = h(
    "form",
    { class: "new-run", "aria-label": "New run", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    h("div", { class: "title-row" }, h("h3", { class: "side-title" }, "New run"), advancedButton),
    row("data", data),
    dataNote,
    file,
    row("preset", presetField),
    start,
    row("images", images),
    row("epochs", epochs),
    row("seed", seed),
    advancedFields,
    launch,
    estimate,
  );

  /** @param {string} label @param {() => void} onChange */
  function choice(label, onChange) {
    return h("select", { class: "form-control", "aria-label": label, onchange: onChange });
  }

  /** @param {string} label @param {string} least */
  function numberField(label, least) {
    return h("input", { class: "form-control", type: "number", min: least, step: "1", "aria-label": label, oninput: changed });
  }

  /** @param {string} label @param {HTMLElement} control */
  function row(label, control) {
    return h("label", { class: `form-row${control.tagName === "SELECT" ? " choice" : ""}` }, h("span", {}, label), control);
  }

  function recipe() {
    return options?.presets.find(({ name }) => name === presetField.value)?.recipe ?? {};
  }

  function dataset() {
    return options?.datasets.find(({ name }) => name === data.value);
  }

  /** @param {Options} given */
  function setOptions(given) {
    const left = options === null ? recall(MEMORY) : null;
    const before = left?.data ?? data.value;
    fill(data, given.datasets.map(({ name, title }) => h("option", { value: name }, title)));
    if (given.datasets.some(({ name }) => name === before)) data.value = before;
    if (options === null) fill(presetField, given.presets.map(({ name, summary }) => h("option", { value: name, title: summary }, name)));
    const isFirst = options === null;
    options = given;
    if (isFirst) onPreset();
    onData();
    if (left) restore(left);
  }

  /** @param {any} left what stood in the form when it was left */
  function restore(left) {
    if (options?.presets.some(({ name }) => name === left.preset)) presetField.value = left.preset;
    upload = left.upload ?? null;
    onPreset();
    onData();
    for (const control of controls()) {
      const value = left.values?.[control.getAttribute("aria-label") ?? ""];
      const isOffered = !(control instanceof HTMLSelectElement) || [...control.options].some((option) => option.value === value);
      if (typeof value === "string" && isOffered) control.value = value;
    }
    changed();
  }

  /** @returns {(HTMLInputElement | HTMLSelectElement)[]} what a person may set beside the data and the preset */
  function controls() {
    return [images, epochs, seed, .../** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("[data-key]"))];
  }

  function keep() {
    const values = Object.fromEntries(controls().map((control) => [control.getAttribute("aria-label"), control.value]));
    remember(MEMORY, { data: data.value, preset: presetField.value, upload, values });
  }

  function onData() {
    const own = dataset();
    const total = own?.name === "folder" ? (upload?.images ?? 0) : (own?.images ?? 0);
    const chosen = images.value;
    const limits = LIMITS.filter((limit) => limit < total);
    fill(images, h("option", { value: "0" }, allWords(own, total)), limits.reverse().map((limit) => h("option", { value: String(limit) }, `${grouped(limit)} an epoch`)));
    images.value = limits.map(String).includes(chosen) ? chosen : own?.name === "cifar10" ? "4992" : "0";
    drawDataNote();
    changed();
  }

  function drawDataNote() {
    const own = dataset();
    dataNote.hidden = !own;
    dataNote.classList.toggle("own-images", own?.name === "folder" && upload !== null);
    if (own?.missing) fill(dataNote, h("span", {}, own.missing), h("button", { class: "link", type: "button", onclick: (/** @type {Event} */ event) => void fetchCifar(event) }, "Download 170 MB"));
    else if (own?.name === "folder") fill(dataNote, upload ? uploadSummary(upload) : h("p", {}, "A zip with one folder of images for each class."), h("p", {}, own.held_out), h("button", { class: "link", type: "button", onclick: () => file.click() }, upload ? "Another zip" : "Choose a zip"));
    else fill(dataNote, own?.held_out ?? "");
  }

  async function send() {
    const chosen = file.files?.[0];
    file.value = "";
    if (!chosen) return;
    try {
      upload = await sendFile("datasets", chosen, (words) => fill(dataNote, h("span", {}, words)));
      // A few dozen pictures are too few to learn to see from, and enough to learn what is seen.
      if (presetField.value === "fast") {
        presetField.value = "fine-tune";
        onPreset();
      }
    } catch (error) {
      actions.onFail(error);
    }
    onData();
  }

  /** @param {Event} event */
  async function fetchCifar(event) {
    const button = /** @type {HTMLButtonElement} */ (event.currentTarget);
    button.disabled = true;
    setText(button, "Downloading");
    try {
      const { datasets } = await postJson("datasets/cifar10");
      if (options) setOptions({ ...options, datasets });
    } catch (error) {
      actions.onFail(error);
      drawDataNote();
    }
  }

  function onPreset() {
    const own = recipe();
    presetField.title = options?.presets.find(({ name }) => name === presetField.value)?.summary ?? "";
    epochs.value = String(own.epochs ?? 3);
    if (!seed.value) seed.value = String(own.seed ?? 0);
    drawAdvanced();
    changed();
  }

  function drawAdvanced() {
    const own = recipe();
    const checkpoints = (options?.checkpoints ?? []).filter((name) => name !== "untrained");
    // What a network starts from is no detail.
    const from = h("select", { class: "form-control", "data-key": "start_from", "aria-label": "starts from", oninput: changed }, checkpoints.map((name) => h("option", { value: name }, name)));
    from.value = own.start_from ?? "";
    fill(start, own.start_from ? [row("starts from", from), h("p", { class: "form-note" }, own.freeze === "convolutions" ? "Its convolutions are reused as they are; only fc1, fc2 and the last layer are trained." : "")] : null);
    fill(
      advancedFields,
      ADVANCED.map((key) => {
        const words = options?.words[key];
        const attributes = { class: "form-control", "data-key": key, "aria-label": key.replaceAll("_", " "), oninput: changed };
        const control = words ? h("select", attributes, words.map((word) => h("option", { value: word }, word))) : h("input", { ...attributes, type: "number", step: "any", min: String(options?.ranges[key]?.[0] ?? 0), max: String(options?.ranges[key]?.[1] ?? 1) });
        control.value = String(own[key]);
        return row(key.replaceAll("_", " "), control);
      }),
    );
  }

  function toggleAdvanced() {
    advancedFields.hidden = !advancedFields.hidden;
    advancedButton.setAttribute("aria-expanded", String(!advancedFields.hidden));
  }

  /** What is asked for; only what differs from the preset is sent. */
  function request() {
    const own = recipe();
    /** @type {Record<string, string>} */
    const settings = { epochs: epochs.value, seed: seed.value, limit: images.value };
    for (const control of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("[data-key]"))) {
      const key = /** @type {string} */ (control.dataset.key);
      if (control.value !== String(own[key])) settings[key] = control.value;
    }
    return { dataset: data.value, preset: presetField.value, settings, data: upload?.data ?? "" };
  }

  function isReady() {
    const own = dataset();
    return own !== undefined && !own.missing && (own.name !== "folder" || upload !== null);
  }

  function changed() {
    if (options) keep();
    launch.disabled = isLaunching || !isReady();
    launch.title = isReady() ? "" : "The data are not here yet";
    clearTimeout(timer);
    if (!isReady()) return setText(estimate, "");
    timer = window.setTimeout(() => void ask(), ESTIMATE_AFTER);
  }

  async function ask() {
    const mine = ++asked;
    if (!estimate.textContent) setText(estimate, "Measuring this machine, about 2 s");
    try {
      const { seconds, bytes } = await postJson("runs/estimate", request());
      if (mine === asked) setText(estimate, `${seconds === null ? `${disk(bytes)} on disk; the time is measured when nothing trains.` : `Measured here: about ${roughly(seconds)}, ${disk(bytes)} on disk.`}\nOne run trains at a time; the next waits its turn.`);
    } catch (error) {
      if (mine === asked) setText(estimate, /** @type {Error} */ (error).message);
    }
  }

  async function submit() {
    if (isLaunching || !isReady()) return;
    isLaunching = launch.disabled = true;
    setText(launch, "Launching");
    try {
      actions.onLaunched(await postJson("runs/launch", request()));
    } catch (error) {
      actions.onFail(error);
    }
    isLaunching = false;
    setText(launch, "Launch run");
    changed();
  }

  return { element, setOptions, measure: changed, destroy: () => clearTimeout(timer) };
}

/** Of a person's own pictures some are held out as well. @param {DataSet | undefined} set @param {number} total */
function allWords(set, total) {
  if (!total) return "all";
  return `all ${grouped(total)}${set?.name === "folder" ? "" : " an epoch"}`;
}

/** Thin spaces from a thousand on, as the images of an epoch are read. @param {number} value */
function grouped(value) {
  return value < 1000 ? String(value) : `${Math.floor(value / 1000)}\u2009${String(value % 1000).padStart(3, "0")}`;
}
