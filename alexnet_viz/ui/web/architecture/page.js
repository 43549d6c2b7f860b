/** The Architecture page: the network to scale, nested receptive fields, the table with its arithmetic. */
import { address, getJson, getStage, getTrace, pictureAddress } from "../server/api.js";
import { poolingWord, rowsOf, shares, sum } from "./rows.js";
import { createCovers } from "./covers.js";
import { createFields } from "./receptive_fields.js";
import { CLASSES, defaultsWith, readState, writeState } from "./state.js";
import { createScale } from "./tensor_strip.js";
import { createTable, numbersOf, sortRows } from "./layer_table.js";
import { makeTable, rampAnchors } from "../lib/colour.js";
import { fill, h, setText } from "../lib/dom.js";
import { forgetKeptPhoto, keptPhoto } from "../shell/own_photo.js";
import { count, millions, percent } from "../lib/format.js";
import { createPick } from "../lib/picker.js";
import { seenCanvas } from "../maps/network_input.js";
import { tokens } from "../shell/theme.js";
import { readUrl, visit } from "../shell/url.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("./rows.js").LayerTable} LayerTable */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./state.js").State} State */
/** @typedef {{name: string, title: string, summary: string, input_size: number}} Variant */
/** @typedef {{name: string, title: string, variant: string}} Entry */

/** Short names for the segments; the full title and what is particular stand in the tooltip and under the table. */
const SHORT = /** @type {Record<string, string>} */ ({ seed: "article", paper: "paper", "paper-groups": "paper, 2 groups", torchvision: "torchvision" });
const PICTURE = 1280; // pixels along the longer side, as Explore asks for it
/** Asked once in the life of the tab: a variant's table does not change. @type {Map<string, LayerTable>} */
const tables = new Map();

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: Entry[], checkpoint: string, variants: Variant[], shapes: Record<string, number[]>}} config
 * @param {() => "light" | "dark"} theme
 */
export function createArchitecture(frame, config, theme) {
  const variants = config.variants;
  const defaults = defaultsWith(config.photos[0].id);
  let state = readState(defaults, variants.map(({ name }) => name));
  let photos = config.photos;
  /** @type {LayerTable | null} */
  let table = null;
  /** @type {Row[]} */
  let rows = [];
  /** @type {Trace | null} of the checkpoint whose tensors are drawn, else of the usual one, for the photo as it is seen */
  let trace = null;
  let traceOf = "";
  /** @type {HTMLImageElement | null} the photo as it came, sharper than what the network sees */
  let original = null;
  /** @type {Map<string, Float32Array>} */
  let tensors = new Map();
  /** @type {string | null} */
  let pointed = null;
  /** @type {string | null} */
  let problem = null;
  let written = "";
  let keysFor = "";
  let request = 0;
  let isGone = false;

  // ------------------------------------------------------------------ parts
  const actions = {
    onPoint: (/** @type {string | null} */ stage) => point(stage),
    onSelect: (/** @type {string} */ stage) => set({ stage: state.stage === stage ? "" : stage }),
    onSort: (/** @type {string} */ sort) => set({ sort }),
  };
  const covers = createCovers((id) => openCover(id));
  const scale = createScale(actions);
  const fields = createFields(actions);
  const layers = createTable(actions);
  const photoPick = createPick("photo", (photo) => set({ photo }));
  const variantButtons = variants.map(({ name, title, summary }) => h("button", { type: "button", "data-value": name, title: `${title}: ${summary}`, onclick: () => set({ variant: name }) }, SHORT[name] ?? name));
  const classButtons = CLASSES.map((classes, i) => h("button", { type: "button", "data-value": classes, "aria-label": `${classes} classes`, onclick: () => set({ classes }) }, i ? classes : `${classes} classes`));
  const hideButton = h("button", { class: "button", type: "button", onclick: () => toggleNumbers(true) });
  const saveButton = h("button", { class: "button", type: "button", title: "This table as CSV", onclick: () => save() }, "Save table");
  const story = h("p", { class: "sentence" });
  const note = h("p", { class: "note" });
  const announce = h("p", { class: "unseen", role: "status", "aria-live": "polite" });
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  const staleNote = h("div", { class: "stale-note", hidden: true }, "out of date, computing");
  const top = h(
    "section",
    { class: "scale", "aria-label": "AlexNet to scale" },
    h("div", { class: "scale-head" }, h("h2", {}, "AlexNet to scale"), h("div", { class: "segments", role: "group", "aria-label": "Variant" }, variantButtons), h("div", { class: "segments", role: "group", "aria-label": "Classes" }, classButtons), h("span", { class: "grow" }), hideButton, saveButton),
    scale.element,
    staleNote,
  );
  fill(frame.main, top, h("div", { class: "scale-below" }, fields.element, h("section", { class: "layers-side", "aria-label": "Layers" }, errorBox, story, layers.element, note)), announce);
  frame.main.className = "page architecture";
  frame.setActions(photoPick.element);
  frame.setSkip("To the table", ".layers .stage[tabindex='0']");
  frame.setQuery(kept);
  covers.set(state.numbers === "hidden");

  // ------------------------------------------------------------------ what is shown
  function photoName() {
    const isOwn = (/** @type {Photo} */ photo) => !photo.gallery;
    return { nameable: photos.some((photo) => photo.id === state.photo && photo.gallery), own: photos.some(isOwn) };
  }

  /** What a link to another page keeps. @returns {Record<string, string>} */
  function kept() {
    const { nameable, own } = photoName();
    return nameable && (own || state.photo !== defaults.photo) ? { photo: state.photo } : {};
  }

  /** The checkpoint whose tensors can be drawn: one of this variant, the address's own or the usual one before others. */
  function checkpoint() {
    const fitting = config.checkpoints.filter((entry) => entry.variant === state.variant);
    const named = (/** @type {string} */ wanted) => fitting.find(({ name }) => name === wanted);
    return named(readUrl(["checkpoint"]).checkpoint) ?? named(config.checkpoint) ?? fitting[0] ?? null;
  }

  /** @param {Partial<State>} changes */
  function set(changes) {
    const before = state;
    state = { ...state, ...changes };
    problem = null;
    writeState(state, before, defaults, photoName());
    applied(before);
  }

  /** @param {State} before */
  function applied(before) {
    if (before.numbers !== state.numbers) covers.set(state.numbers === "hidden");
    // The answers of one network are not those of the next.
    if (before.variant !== state.variant || before.classes !== state.classes) covers.close();
    if (before.variant !== state.variant || before.classes !== state.classes || before.photo !== state.photo) void load();
    draw();
  }

  function onPop() {
    const before = state;
    state = readState(defaults, variants.map(({ name }) => name));
    problem = null;
    applied(before);
  }

  /** @param {string | null} stage */
  function point(stage) {
    if (stage === pointed) return;
    pointed = stage;
    requestAnimationFrame(draw);
  }

  // ------------------------------------------------------------------ asking the server
  async function load() {
    const mine = ++request;
    const isOld = () => isGone || mine !== request;
    try {
      const next = await getTable(state.variant, state.classes);
      if (isOld()) return;
      [table, rows] = [next, rowsOf(next)];
      draw();
      await loadTensors(isOld);
    } catch (error) {
      if (!isOld()) fail(error);
    }
  }

  /** @param {() => boolean} isOld */
  async function loadTensors(isOld) {
    const entry = checkpoint();
    const subject = { photo: state.photo, checkpoint: entry?.name ?? config.checkpoint, resize: "" };
    const wanted = JSON.stringify([subject, entry !== null]);
    if (wanted === traceOf) return;
    const next = await getTrace(subject);
    if (isOld()) return;
    const names = entry ? rows.filter(({ stage }) => stage !== "logits").map(({ tensor }) => tensor) : [];
    const values = await Promise.all(names.map((name) => getStage(subject, name, next.header.checkpoint.digest)));
    if (isOld()) return;
    tensors = new Map(names.map((name, i) => [name, values[i]]));
    if (trace?.header.photo.id !== subject.photo) original = null;
    [trace, traceOf] = [next, wanted];
    draw();
    if (!original) loadOriginal(next, isOld);
  }

  /** @param {Trace} own @param {() => boolean} isOld */
  function loadOriginal(own, isOld) {
    const image = new Image();
    image.onload = () => {
      if (isOld() || trace?.header.photo.id !== own.header.photo.id) return;
      original = image;
      draw();
    };
    image.src = pictureAddress(own.header.photo.id, PICTURE);
  }

  /** @returns {import("./tensor_strip.js").Picture | null} the sharpest that has arrived */
  function picture() {
    if (!trace) return null;
    const { photo, input } = trace.header;
    if (!original) return { image: seenCanvas(trace), box: [0, 0, input.size, input.size] };
    const [x, y] = [original.naturalWidth / photo.width, original.naturalHeight / photo.height];
    const [left, top, right, bottom] = input.box;
    return { image: original, box: [left * x, top * y, right * x, bottom * y] };
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    if (!trace && state.photo !== defaults.photo) {
      // A link to what is no longer there still opens on something.
      state.photo = defaults.photo;
      void load();
    }
    draw();
  }

  /** Whether the pictures belong to another photo than the one that is chosen. */
  function isStale() {
    return trace !== null && trace.header.photo.id !== state.photo;
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    photoPick.update(photos.map(({ id, name }) => ({ value: id, title: name })), state.photo);
    for (const button of [...variantButtons, ...classButtons]) button.setAttribute("aria-pressed", String(button.dataset.value === state.variant || button.dataset.value === state.classes));
    setText(hideButton, covers.hidden ? "Show numbers" : "Hide numbers");
    errorBox.hidden = problem === null;
    fill(errorBox, h("b", {}, problem ?? ""), trace ? h("span", {}, "The last photo stays on the page.") : null);
    staleNote.hidden = !isStale();
    if (table) drawTable(table);
  }

  /** @param {LayerTable} own */
  function drawTable(own) {
    const key = [own.variant, own.total_params, theme(), traceOf, original?.src].join();
    const shown = pointed ?? state.stage;
    const photo = photos.find(({ id }) => id === state.photo)?.title ?? "photo";
    const shared = { key, rows, covers, pointed: shown, picture: picture(), photo };
    // The article's tensors and the largest input set the scale for all variants.
    const reference = { side: Math.max(...variants.map((variant) => variant.input_size)), channels: drawnChannels(config.shapes) };
    const ramp = (/** @type {boolean} */ signed) => makeTable(rampAnchors(tokens, "house", theme(), signed), 1, signed);
    const fitting = trace?.header.checkpoint.variant === own.variant ? trace : null;
    const signed = new Set(fitting?.header.stages.filter((stage) => stage.signed).map(({ name }) => name));
    scale.update({ ...shared, input: own.input, reference, tensors: fitting ? tensors : new Map(), checkpoint: checkpoint()?.title ?? null, signed, activation: ramp(false), diverging: ramp(true), stale: isStale() });
    fields.update({ ...shared, size: own.input[2] });
    const sorted = sortRows(rows, state.sort);
    layers.update({ key, rows: sorted, covers, totals: { params: own.total_params, macs: own.total_macs }, sort: state.sort, pointed: shown, selected: state.stage });
    // Words are set anew only where they change: a hidden number in them may have the focus.
    if (written !== key + covers.signature) drawWords(own);
    written = key + covers.signature;
    drawFacts(shown);
    setKeys();
  }

  /** @param {LayerTable} own */
  function drawWords(own) {
    const share = shares(own);
    fill(story, "The fully connected layers hold ", covers.place({ id: "share:params", what: "share of the parameters" }, percent(share.parameters)), " of the parameters; the convolutions do ", covers.place({ id: "share:macs", what: "share of the multiplications" }, percent(share.multiplications)), " of the multiplications.");
    const last = rows.filter(({ layer }) => layer.kind === "pooling").at(-1);
    if (last) fill(fields.sentence, `Convolution widens the view a little, pooling makes the next steps count ${poolingWord(rows)}. After ${last.name} one unit sees `, covers.still(`${last.stage}:field`, String(last.layer.receptive_field)), ` of the ${own.input[2]} pixels.`);
    const variant = variants.find(({ name }) => name === own.variant);
    setText(note, `${variant?.summary} ReLU and LRN keep the shape and have no parameters.`);
  }

  /** The sum of the stage that is pointed at, of the first one else. @param {string} stage */
  function drawFacts(stage) {
    const at = Math.max(0, rows.findIndex((row) => row.stage === stage));
    const { asked, answer, id } = sum(rows[at], at === 0, covers.isOpen, rows[at - 1]?.stage ?? "");
    frame.setFacts([[at ? h("b", {}, rows[at].name) : "", at ? ", " : "", asked, h("b", {}, covers.isOpen(id) ? answer : "?")], ["numbers computed from the modules"]]);
  }

  // ------------------------------------------------------------------ the lesson
  /** Every number in reading order; those of the sentence come last, they are the conclusion. */
  function numbers() {
    const own = /** @type {LayerTable} */ (table);
    const share = shares(own);
    return [
      ...numbersOf(sortRows(rows, state.sort)),
      { id: "all:params", what: "parameters in all", text: count(own.total_params) },
      { id: "all:macs", what: "multiply-adds in all", text: millions(own.total_macs) },
      { id: "share:params", what: "share of the parameters in the fully connected layers", text: percent(share.parameters) },
      { id: "share:macs", what: "share of the multiplications in the convolutions", text: percent(share.multiplications) },
    ];
  }

  /** @param {string} id */
  function openCover(id) {
    const root = /** @type {Document | ShadowRoot} */ (frame.root.getRootNode());
    const hadFocus = root.activeElement?.classList.contains("cover");
    covers.open(id);
    draw();
    const all = numbers();
    const ids = all.map((each) => each.id);
    const opened = all.find((each) => each.id === id);
    const left = covers.left(ids);
    setText(announce, `${opened?.what}: ${opened?.text}. ${left} of ${ids.length} numbers are hidden.`);
    if (hadFocus) focusCover(covers.next(ids));
  }

  /** @param {string | null} id */
  function focusCover(id) {
    const next = id === null ? hideButton : /** @type {HTMLElement | null} */ (frame.main.querySelector(`[data-cover="${id}"]`));
    next?.focus();
  }

  function reveal() {
    const next = covers.hidden && table ? covers.next(numbers().map(({ id }) => id)) : null;
    if (next) openCover(next);
  }

  /** @param {boolean} isClicked The focus then goes to the first block, so that Space opens it. */
  function toggleNumbers(isClicked) {
    set({ numbers: covers.hidden ? "shown" : "hidden" });
    if (!table) return;
    const ids = numbers().map(({ id }) => id);
    setText(announce, covers.hidden ? `${ids.length} numbers are hidden. Space opens the next one.` : "All numbers are shown.");
    if (isClicked && covers.hidden) focusCover(covers.next(ids));
  }

  // ------------------------------------------------------------------ saving, keys
  function save() {
    const query = { variant: state.variant, classes: state.classes, photo: state.photo };
    const photo = photos.find(({ id }) => id === state.photo)?.name ?? "photo";
    const name = `${[photo, state.variant, `${state.classes}-classes`, "layers"].join("_").replace(/[^\w.+-]+/g, "-")}.csv`;
    const link = h("a", { href: address("layers.csv", query).href, download: name });
    frame.root.append(link);
    link.click();
    link.remove();
    frame.toast(`${name} is being saved`);
  }

  /** @param {number} step */
  function walk(step) {
    const order = sortRows(rows, state.sort);
    const at = order.findIndex(({ stage }) => stage === state.stage);
    const next = at < 0 ? order[step > 0 ? 0 : order.length - 1] : order[at + step];
    if (next) select(next);
  }

  /** @param {Row} row */
  function select(row) {
    pointed = null;
    set({ stage: row.stage });
    layers.follow(row.stage);
    const all = numbersOf([row]).map(({ id, text, what }) => (covers.isOpen(id) ? `${what.split(" of ")[0]} ${text}` : ""));
    setText(announce, `${row.name}. ${all.filter(Boolean).join(", ")}`);
  }

  /** @param {number} number 1 … 5 the blocks' convolutions, 6, 7, 8 the fully connected layers */
  function selectNumber(number) {
    const row = rows.filter(({ layer }) => layer.kind !== "pooling")[number - 1];
    if (row) select(row);
  }

  function back() {
    if (problem !== null) set({});
    else if (state.stage) set({ stage: "" });
    else if (state.sort !== defaults.sort) set({ sort: defaults.sort });
    else if (covers.hidden) toggleNumbers(false);
  }

  function openInExplore() {
    const row = rows.find(({ stage }) => stage === state.stage);
    const own = checkpoint();
    if (!row || !own) return;
    visit("", { ...kept(), ...(own.name === config.checkpoint ? {} : { checkpoint: own.name }), stage: row.tensor });
  }

  /** @param {number} step */
  function cycleVariant(step) {
    const names = variants.map(({ name }) => name);
    set({ variant: names[(names.indexOf(state.variant) + step + names.length) % names.length] });
  }

  function setKeys() {
    if (keysFor === String(covers.hidden)) return;
    keysFor = String(covers.hidden);
    frame.setShortcuts([
      { key: "V", does: "variant", keys: ["v"], shift: false, action: () => cycleVariant(1), footer: true },
      { key: "Shift V", does: "previous variant", keys: ["v"], shift: true, action: () => cycleVariant(-1) },
      { key: "N", does: covers.hidden ? "show numbers" : "hide numbers", keys: ["n"], action: () => toggleNumbers(false), footer: true },
      ...(covers.hidden ? [{ key: "Space", does: "reveal: the next number", keys: [" "], action: () => reveal(), footer: true }] : []),
      { key: "↑\u00a0↓", does: "stage: previous, next", keys: ["ArrowUp", "["], action: () => walk(-1), footer: true },
      { key: "[\u00a0]", does: "previous, next stage", keys: ["ArrowDown", "]"], action: () => walk(1) },
      { key: "1 … 8", does: "the five convolutions, fc1, fc2, logits", keys: ["1", "2", "3", "4", "5", "6", "7", "8"], action: (event) => selectNumber(Number(event.key)) },
      { key: "Enter", does: "open the stage on Explore", keys: ["Enter"], action: () => openInExplore() },
      { key: "S", does: "save the table", keys: ["s"], action: () => save() },
      { key: "Esc", does: "one level back", keys: ["Escape"], action: () => back() },
      { key: "?", does: "this list", keys: [], action: () => undefined },
    ]);
  }

  window.addEventListener("resize", draw);
  window.addEventListener("popstate", onPop);
  const ownPhoto = keptPhoto();
  setKeys();
  draw();
  if (ownPhoto) void recover(ownPhoto);
  else void load();

  /** One's own photo stays for as long as the server has it. @param {string} id */
  async function recover(id) {
    try {
      const photo = await getJson(`photos/${id}/about`);
      if (!photos.some((known) => known.id === id)) photos = [...photos, photo];
      [state.photo, defaults.photo] = [id, id];
    } catch {
      forgetKeptPhoto(); // The server has let it go: the first photo of the gallery is shown.
    }
    await load();
  }

  return {
    update: draw,
    destroy() {
      isGone = true;
      window.removeEventListener("resize", draw);
      window.removeEventListener("popstate", onPop);
    },
  };
}

/** @param {Record<string, number[]>} shapes @returns {number} channels of all tensors that are drawn beside each other */
function drawnChannels(shapes) {
  const drawn = Object.entries(shapes).filter(([name, shape]) => shape.length === 3 && /\.(relu|pool)$/.test(name));
  return drawn.reduce((sum, [, shape]) => sum + shape[0], 0);
}

/** @param {string} variant @param {string} classes @returns {Promise<LayerTable>} */
async function getTable(variant, classes) {
  const key = `${variant} ${classes}`;
  const known = tables.get(key);
  if (known) return known;
  const table = await getJson("layers", { variant, classes });
  tables.set(key, table);
  return table;
}
