/** The Explore page: one object holds what is shown, one function draws it; the server is asked only for new numbers. */
import { getFilters, getJson, getStage, getTrace, sendCheckpoint, traffic } from "./api.js";
import { COLOUR_MAPS, GAMMAS, makeBounds, makeTable, paintLegend, rampAnchors } from "./colour.js";
import { fill, h, setText, sizeCanvas } from "./dom.js";
import { createEnlarged } from "./enlarged.js";
import { createFilm } from "./film.js";
import { bytes, count, duration, groupOf, groupTitle, kindTitle, number, shape, stageTitle } from "./format.js";
import { createPick, createPopover } from "./frame.js";
import { createInspector } from "./inspector.js";
import { createPhotoView } from "./photo_view.js";
import { createSave } from "./save.js";
import { isSilent, orderChannels } from "./scale.js";
import { createStrip, groupStages } from "./strip.js";
import { createShapes } from "./shapes.js";
import { tokens } from "./theme.js";
import { createUnits } from "./units.js";
import { createUnitInspector } from "./unit_inspector.js";
import { createUpload } from "./upload.js";
import { readUrl, writeUrl } from "./url.js";
import { TILE_ZOOMS, createWall } from "./wall.js";

/** @typedef {import("./api.js").Trace} Trace */
/** @typedef {import("./api.js").Stage} Stage */
/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {import("./api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./colour.js").Theme} Theme */

const RANGES = ["channel", "layer", "block", "network"];
const ORDERS = ["index", "maximum", "mean", "zeros"];
/** What a view is, and what the address bar holds of it; defaults leave no trace there. */
const DEFAULTS = {
  photo: "chelsea",
  checkpoint: "",
  resize: "",
  stage: "block1.relu",
  channel: "",
  place: "",
  range: "layer",
  top: "clipped",
  order: "index",
  map: "house",
  gamma: "1",
  silent: "shown",
  tile: "0",
  view: "wall",
};
const KEYS = Object.keys(DEFAULTS);
/** Changes that Back undoes. */
const PUSHED = new Set(["photo", "checkpoint", "resize", "stage", "view"]);

/** What outlives a page change within the tab. */
const memory = {
  /** @type {Photo[]} */
  photos: [],
  /** @type {CheckpointEntry[]} */
  checkpoints: [],
};

/**
 * @param {ReturnType<typeof import("./frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: CheckpointEntry[], checkpoint: string, shapes: Record<string, number[]>}} config
 * @param {() => Theme} theme
 */
export function createExplore(frame, config, theme) {
  memory.photos = [...config.photos, ...memory.photos.filter((photo) => !photo.gallery)];
  memory.checkpoints = [...config.checkpoints, ...memory.checkpoints.filter((entry) => !config.checkpoints.some((known) => known.name === entry.name))];
  const defaults = { ...DEFAULTS, checkpoint: config.checkpoint };
  /** @type {typeof DEFAULTS} */
  let state = { ...defaults, ...readUrl(KEYS) };
  /** @type {Trace | null} */
  let trace = null;
  let traceKey = "";
  /** @type {Map<string, Float32Array>} values of this trace's stages that have arrived */
  let stages = new Map();
  /** @type {{values: Float32Array, shape: number[]} | null} */
  let filters = null;
  /** @type {{row: number, column: number} | null} */
  let pointed = null;
  /** @type {{stage: string, channel: number} | null} */
  let held = null;
  /** @type {string | null} */
  let problem = null;
  let whole = false;
  let request = 0;
  let presenting = false;
  /** @type {HTMLImageElement | null} */
  let original = null;

  // ------------------------------------------------------------------ parts
  const strip = createStrip((stage) => openStage(stage));
  const wall = createWall({
    onHover: (place) => point(place ? { row: place.row, column: place.column } : null),
    onSelect: (place) => set({ channel: String(place.channel), place: `${place.row},${place.column}` }),
    onOpen: () => set({ view: "channel" }),
  });
  const units = createUnits({ onSelect: (unit) => set({ channel: String(unit) }), onHover: () => undefined });
  const inspector = createInspector({
    onPlace: (row, column, pinned) => (pinned ? set({ place: `${row},${column}` }) : point({ row, column })),
    onLeave: () => point(null),
    onOpen: () => set({ view: state.view === "channel" ? "wall" : "channel" }),
    onChannel: (channel) => set({ channel: String(channel) }),
    onWhole: (next) => {
      whole = next;
      draw();
    },
  });
  const unitInspector = createUnitInspector();
  const photoView = createPhotoView({ onResize: (resize) => set({ resize }) });
  const enlarged = createEnlarged({ onPlace: (row, column, pinned) => (pinned ? set({ place: `${row},${column}` }) : point({ row, column })), onLeave: () => point(null) });
  const film = createFilm({ onPick: (photo) => set({ photo, view: "wall" }) });
  const shapes = createShapes(frame);
  const save = createSave(frame);
  const upload = createUpload(frame.root, {
    photos: () => memory.photos,
    onPick: (photo) => set({ photo: photo.id }),
    onPhotos: (photos, problems) => {
      memory.photos.push(...photos.filter((photo) => !memory.photos.some((known) => known.id === photo.id)));
      problem = problems.length ? problems.join("\n") : null;
      if (photos.length) set({ photo: photos[0].id, view: photos.length > 1 && placed() ? "photos" : state.view === "photos" ? "photos" : state.view }, true);
      else draw();
    },
  });

  const photoPick = createPick("photo", (photo) => set({ photo }));
  const checkpointPick = createPick("checkpoint", (checkpoint) => (checkpoint === "+" ? modelFile.click() : set({ checkpoint })));
  const modelFile = h("input", { class: "unseen model-file", tabindex: "-1", type: "text", "aria-hidden": "true" });
  modelFile.addEventListener("click", () => chooseModelFile());
  const title = h("h2", {});
  const segments = h("div", { class: "segments", role: "group", "aria-label": "Stages of this block" });
  const orderPick = createPick("order", (order) => set({ order }));
  const photosButton = h("button", { class: "button quiet", type: "button", title: "The selected channel on every photo, side by side", onclick: () => set({ view: state.view === "photos" ? "wall" : "photos" }) }, "All photos");
  const shapesButton = h("button", { class: "button quiet", type: "button", title: "Shapes, parameters and receptive fields of every stage", onclick: () => shapes.open(state.checkpoint) }, "Shapes");
  const saveButton = h("button", { class: "button quiet chevron", type: "button", title: "Pictures, numbers, the table" }, "Save");
  const savePanel = h("div", { class: "menu", role: "menu", "aria-label": "Save" });
  const saveMenu = createPopover(saveButton, savePanel, () => fill(savePanel, saveItems()));
  const sentence = h("p", { class: "sentence", id: "wall-sentence", "aria-live": "polite" });
  const rangeButton = h("button", { class: "range-button", type: "button", title: "Range, colour map, gamma, tile size" }, h("span", { class: "pick-label" }, "range"), h("span", { class: "range-name chevron" }));
  const low = h("span", { class: "legend-end" });
  const high = h("button", { class: "legend-end", type: "button", onclick: () => set({ top: state.top === "clipped" ? "whole" : "clipped" }) });
  const legendBar = h("canvas", { class: "legend-bar", "aria-hidden": "true" });
  const rangePanel = h("div", { class: "range-panel", "aria-label": "How values become colours" });
  const rangeMenu = createPopover(rangeButton, rangePanel, () => drawRangePanel());
  const legend = h("div", { class: "legend" }, rangeMenu.element, low, legendBar, high);
  const note = h("div", { class: "stale-note", hidden: true }, "out of date, computing");
  const empty = h("div", { class: "empty", hidden: true });
  const errorBox = h("div", { class: "error-box floating", role: "alert", hidden: true });
  const views = h("div", { class: "views" }, wall.element, units.element, photoView.element, enlarged.element, film.element, empty, note, errorBox);
  const left = h(
    "section",
    { class: "wall-side", "aria-label": "Feature maps" },
    h("div", { class: "wall-head" }, h("div", { class: "wall-title" }, title, segments), h("div", { class: "wall-tools" }, orderPick.element, photosButton, shapesButton, saveMenu.element)),
    h("div", { class: "wall-line" }, sentence, legend),
    views,
  );
  const right = h("div", { class: "inspector-side" }, inspector.element, unitInspector.element);
  fill(frame.main, strip.element, h("div", { class: "table" }, left, right));
  frame.main.className = "page explore";
  frame.setActions(upload.button, photoPick.element, checkpointPick.element);
  frame.setQuery(() => (state.photo === defaults.photo || !isGallery(state.photo) ? {} : { photo: state.photo }));
  frame.root.append(modelFile);

  // ------------------------------------------------------------------ what is shown
  /** @param {string} id */
  function isGallery(id) {
    return memory.photos.find((photo) => photo.id === id)?.gallery ?? false;
  }

  function subject() {
    return { photo: state.photo, checkpoint: state.checkpoint, resize: state.resize };
  }

  /** Whether the open stage has places: maps, not units. */
  function placed() {
    return (stageInfo()?.shape.length ?? 3) === 3;
  }

  /** @returns {Stage | null} */
  function stageInfo() {
    return trace?.header.stages.find((stage) => stage.name === state.stage) ?? null;
  }

  /** @param {Partial<typeof DEFAULTS>} changes @param {boolean} [keepProblem] */
  function set(changes, keepProblem = false) {
    const before = state;
    state = { ...state, ...changes };
    const changed = KEYS.filter((key) => state[/** @type {keyof typeof DEFAULTS} */ (key)] !== before[/** @type {keyof typeof DEFAULTS} */ (key)]);
    if (!changed.length) return;
    if (changed.includes("stage") && !("view" in changes) && state.view === "channel") state.view = "wall";
    if (changed.includes("stage") && !("channel" in changes)) state.channel = state.place = "";
    if (changed.includes("channel") && !("place" in changes)) state.place = "";
    if (!keepProblem) problem = null;
    pushUrl(changed.some((key) => PUSHED.has(key)));
    if (changed.some((key) => key === "photo" || key === "checkpoint" || key === "resize")) void load();
    else if (changed.includes("stage")) void loadStage();
    if (changed.every((key) => key === "channel" || key === "place") && state.view === "wall" && placed()) drawSelection();
    else draw();
    if (changed.includes("stage")) strip.reveal();
  }

  /** @param {boolean} push */
  function pushUrl(push) {
    /** @type {Record<string, string | null>} */
    const entries = {};
    for (const key of KEYS) {
      const value = state[/** @type {keyof typeof DEFAULTS} */ (key)];
      const isDefault = value === defaults[/** @type {keyof typeof DEFAULTS} */ (key)] || value === "";
      entries[key] = isDefault || (key === "photo" && !isGallery(value)) ? null : value;
    }
    sessionStorage.setItem("alexnet_viz.photo", isGallery(state.photo) ? "" : state.photo);
    writeUrl(entries, push);
  }

  const onPop = () => {
    const before = state;
    const own = before.photo !== "" && !isGallery(before.photo) ? before.photo : defaults.photo;
    state = { ...defaults, ...(new URLSearchParams(location.search).has("photo") ? {} : { photo: own }), ...readUrl(KEYS) };
    problem = null;
    if (before.photo !== state.photo || before.checkpoint !== state.checkpoint || before.resize !== state.resize) void load();
    else void loadStage();
    draw();
  };

  /** @param {{row: number, column: number} | null} place */
  function point(place) {
    pointed = place;
    requestAnimationFrame(drawInspector);
  }

  /** @param {string} stage */
  function openStage(stage) {
    if (stage !== "input" && trace && !trace.header.stages.some((each) => each.name === stage)) return;
    set({ stage, view: state.view === "photos" && stage !== "input" ? "photos" : "wall" });
  }

  // ------------------------------------------------------------------ asking the server
  async function load() {
    const mine = ++request;
    const asked = subject();
    try {
      const next = await getTrace(asked);
      if (mine !== request) return;
      if (traceKey !== JSON.stringify(asked)) stages = new Map();
      [trace, traceKey, filters, original] = [next, JSON.stringify(asked), null, null];
      if (state.stage !== "input" && !stageInfo()) state.stage = defaults.stage;
      draw();
      await loadStage();
      void loadRest(mine);
    } catch (error) {
      if (mine === request) fail(error);
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    if (!trace && (state.photo !== defaults.photo || state.checkpoint !== defaults.checkpoint)) {
      // A link to what is no longer there still opens on something.
      [state.photo, state.checkpoint] = [defaults.photo, defaults.checkpoint];
      void load();
    }
    draw();
  }

  async function loadStage() {
    if (!trace || isStale()) return;
    const [own, asked, stage] = [trace, subject(), state.stage];
    if (stage === "input" || stages.has(stage)) return;
    try {
      const values = await getStage(asked, stage, own.header.checkpoint.digest);
      if (trace !== own) return;
      stages.set(stage, values);
      if (state.stage === stage) draw();
    } catch (error) {
      if (trace === own) fail(error);
    }
  }

  /** What will be wanted next: the filters, every block's output, the fc layers, the other stages of the open block. @param {number} mine */
  async function loadRest(mine) {
    if (!trace) return;
    const [own, asked] = [trace, subject()];
    const { checkpoint, photo } = own.header;
    const picture = new Image();
    picture.onload = () => {
      if (trace !== own) return;
      original = picture;
      draw();
    };
    picture.src = (await import("./api.js")).pictureAddress(photo.id, 1280);
    try {
      filters = await getFilters(checkpoint.name, checkpoint.digest);
      drawInspector();
      const outputs = [...groupStages(own.header.stages).values()].map((names) => names[names.length - 1]).filter((name) => name !== "input");
      const siblings = own.header.stages.map(({ name }) => name).filter((name) => groupOf(name) === groupOf(state.stage));
      for (const name of new Set([...outputs, ...siblings, ...own.header.stages.map((each) => each.name).filter((each) => each.endsWith(".relu"))])) {
        if (mine !== request) return;
        const values = await getStage(asked, name, checkpoint.digest);
        if (trace === own) stages.set(name, values);
        if (name === state.stage) draw();
      }
    } catch (error) {
      if (mine === request) fail(error);
    }
  }

  function isStale() {
    return trace !== null && traceKey !== JSON.stringify(subject());
  }

  // ------------------------------------------------------------------ drawing
  /** @param {Stage} stage @param {boolean} [plain] */
  function tableFor(stage, plain = false) {
    return makeTable(rampAnchors(tokens, plain ? "house" : state.map, theme(), stage.signed), plain ? 1 : Number(state.gamma), stage.signed);
  }

  /** The stages whose values share the range. @param {Stage} stage */
  function scope(stage) {
    const all = /** @type {Trace} */ (trace).header.stages;
    if (state.range === "network") return all;
    return state.range === "block" ? all.filter((each) => groupOf(each.name) === groupOf(stage.name)) : [stage];
  }

  /** @param {Stage} stage @param {number} channel */
  function boundsOf(stage, channel) {
    if (state.range === "channel" && stage.shape.length === 3) {
      const [minimum, maximum] = /** @type {Trace} */ (trace).statistics[stage.name].subarray(channel * 5, channel * 5 + 2);
      return makeBounds(stage.signed, minimum, maximum, 0);
    }
    const sharing = scope(stage);
    // A stage without negative values is drawn from zero, whatever else shares its range.
    const minimum = stage.signed ? Math.min(...sharing.map((each) => each.minimum)) : stage.minimum;
    const magnitude = (/** @type {Stage} */ each) => (stage.signed ? Math.max(Math.abs(each.minimum), Math.abs(each.maximum)) : each.maximum);
    const maximum = Math.max(...sharing.map((each) => each.maximum));
    const limit = state.top === "whole" ? Math.max(...sharing.map(magnitude)) : Math.max(...sharing.map((each) => each.limit));
    return makeBounds(stage.signed, minimum, maximum, limit);
  }

  /** @param {Stage} stage @returns {number[]} */
  function shownChannels(stage) {
    return orderChannels(/** @type {Trace} */ (trace).statistics[stage.name], /** @type {any} */ (state.order), state.silent === "hidden" && stage.shape.length === 3);
  }

  /** The channel that is selected: the chosen one, or the one with the strongest response. @param {Stage} stage */
  function channelOf(stage) {
    const chosen = Number(state.channel);
    if (state.channel !== "" && Number.isInteger(chosen) && chosen >= 0 && chosen < stage.shape[0]) return chosen;
    const statistics = /** @type {Trace} */ (trace).statistics[stage.name];
    let best = 0;
    for (let c = 1; c < stage.shape[0]; c += 1) if (statistics[c * 5 + 1] > statistics[best * 5 + 1]) best = c;
    return best;
  }

  /** The pinned place, or where the channel responds most. @param {Stage} stage @param {number} channel */
  function placeOf(stage, channel) {
    const [, height, width] = stage.shape;
    const [row, column] = state.place.split(",").map(Number);
    if (state.place && row >= 0 && row < height && column >= 0 && column < width) return { row, column };
    const values = stages.get(stage.name);
    if (!values) return { row: height >> 1, column: width >> 1 };
    const size = height * width;
    let best = 0;
    for (let i = 1; i < size; i += 1) if (values[channel * size + i] > values[channel * size + best]) best = i;
    return { row: Math.floor(best / width), column: best % width };
  }

  function draw() {
    drawFrame();
    drawProblem();
    if (!trace) {
      drawWaiting();
      return;
    }
    const house = makeTable(rampAnchors(tokens, "house", theme(), false));
    const signed = makeTable(rampAnchors(tokens, "house", theme(), true), 1, true);
    strip.update({ trace, open: state.stage, theme: theme(), activation: house, signed, stale: isStale() });
    drawHead();
    drawViews();
    drawInspector();
    left.classList.toggle("stale", isStale());
    right.classList.toggle("stale", isStale());
    note.hidden = !isStale();
  }

  function drawFrame() {
    photoPick.update(memory.photos.map((photo) => ({ value: photo.id, title: photo.title })), state.photo);
    const entries = memory.checkpoints.map((entry) => ({ value: entry.name, title: entry.title }));
    checkpointPick.update([...entries, { value: "+", title: "Open a file…" }], state.checkpoint);
    if (!trace) return;
    const { device, seconds, memory: used, waiting } = trace.header;
    const strong = (/** @type {string} */ text) => h("b", {}, text);
    frame.setFacts([
      [strong(device)],
      ["forward pass ", strong(duration(seconds))],
      [`${bytes(traffic.bytes)} sent`],
      ["memory ", strong(bytes(used))],
      ...(waiting && isStale() ? [[`${waiting} ${waiting === 1 ? "photo is" : "photos are"} before yours`]] : []),
    ]);
  }

  function drawProblem() {
    errorBox.hidden = problem === null;
    if (problem === null) return;
    fill(
      errorBox,
      problem.split("\n").map((line, i) => (i === 0 ? h("b", {}, line) : h("span", {}, line))),
      trace ? h("span", {}, "The last photo stays on the page.") : null,
      h("button", {
        class: "button",
        type: "button",
        onclick: () => {
          problem = null;
          drawProblem();
        },
      }, "Close"),
    );
  }

  /** The frame and empty slots stand at once, at their right size. */
  function drawWaiting() {
    const slots = config.shapes[state.stage] ?? config.shapes[defaults.stage];
    fill(title, groupTitle(groupOf(state.stage)), " ", h("span", { class: "light" }, shape(slots)));
    units.element.hidden = photoView.element.hidden = enlarged.element.hidden = film.element.hidden = unitInspector.element.hidden = true;
    if (slots.length < 3) return;
    wall.update({ shape: slots, values: null, statistics: null, order: "index", channels: Array.from({ length: slots[0] }, (_, c) => c), boundsOf: () => ({ low: 0, high: 1, clippedLow: false, clippedHigh: false }), table: new Uint32Array(256), selected: -1, place: null, tile: 0, theme: theme(), title: stageTitle(state.stage) });
  }

  function drawHead() {
    const stage = stageInfo();
    const group = groupOf(state.stage);
    const size = /** @type {Trace} */ (trace).header.input.size;
    const text = stage ? (stage.shape.length === 3 ? shape(stage.shape) : `${count(stage.shape[0])} ${group === "logits" ? "classes" : "units"}`) : shape([3, size, size]);
    fill(title, groupTitle(group), " ", h("span", { class: "light" }, text));
    const names = groupStages(/** @type {Trace} */ (trace).header.stages).get(group) ?? [];
    segments.hidden = names.length < 2;
    fill(segments, names.map((name) => h("button", { type: "button", "aria-pressed": String(name === state.stage), onclick: () => openStage(name) }, kindTitle(name))));
    orderPick.update(ORDERS.filter((order) => placed() || order === "index" || order === "maximum").map((order) => ({ value: order, title: order })), placed() || state.order === "index" ? state.order : "maximum");
    orderPick.element.hidden = !stage || state.view === "channel" || state.view === "photos";
    photosButton.hidden = !stage || !placed();
    photosButton.setAttribute("aria-pressed", String(state.view === "photos"));
    saveMenu.element.hidden = !stage;
    legend.hidden = !stage;
    if (!stage) {
      setText(sentence, "The photo as it came, and exactly what the network saw of it.");
      return;
    }
    drawSentence(stage);
    drawLegend(stage);
  }

  /** @param {Stage} stage */
  function drawSentence(stage) {
    const own = /** @type {Trace} */ (trace);
    const total = stage.shape[0];
    if (state.stage === "logits") {
      setText(sentence, own.header.checkpoint.trained ? `All ${total} of ${total} classes. The network must pick one of them.` : "This checkpoint has not been trained: its answers are chance.");
      return;
    }
    if (!placed()) {
      const order = state.order === "index" ? "in index order" : "from the largest down";
      setText(sentence, `All ${total} of ${total} units ${order}, ${Math.ceil(Math.sqrt(total))} to a row.${stage.signed ? " Blue is negative." : ""}`);
      return;
    }
    const statistics = own.statistics[stage.name];
    let silent = 0;
    for (let c = 0; c < total; c += 1) if (isSilent(statistics, c)) silent += 1;
    const words = silent === 0 ? "None is silent on this photo." : `${silent === total ? "All" : silent} ${silent === 1 ? "is" : "are"} silent on this photo.`;
    const shown = shownChannels(stage).length;
    if (state.view === "photos") setText(sentence, `Channel ${channelOf(stage)} on ${memory.photos.length} photos, one range for all.`);
    else if (state.view === "channel") setText(sentence, `Channel ${channelOf(stage)} of ${total}, every value.`);
    else if (shown < total) setText(sentence, `${shown} of ${total} channels respond; ${total - shown} silent ${total - shown === 1 ? "one is" : "ones are"} hidden.`);
    else setText(sentence, `${total} of ${total} channels. ${words}${stage.finite ? "" : " Crossed ones hold values that are not finite."}`);
  }

  /** @param {Stage} stage */
  function drawLegend(stage) {
    const bounds = boundsOf(stage, channelOf(stage));
    const { context } = sizeCanvas(legendBar, 112, 10);
    paintLegend(context, tableFor(stage), legendBar.width, legendBar.height);
    const own = state.range === "channel" && placed();
    setText(/** @type {Element} */ (rangeButton.querySelector(".range-name")), own ? "channel" : state.range);
    setText(low, own ? (stage.signed ? "− own max" : "0") : `${bounds.clippedLow ? "≤ " : ""}${number(bounds.low)}`);
    setText(high, own ? "own max" : `${bounds.clippedHigh ? "≥ " : ""}${number(bounds.high)}`);
    high.title = own ? "Each channel is drawn up to its own maximum" : state.top === "clipped" ? "Ends at the 99.5th percentile; click for the true maximum" : "Ends at the true maximum; click for the 99.5th percentile";
    legend.setAttribute("aria-label", `Range ${state.range}, from ${low.textContent} to ${high.textContent}`);
  }

  function drawRangePanel() {
    const choice = (/** @type {string} */ label, /** @type {keyof typeof DEFAULTS} */ key, /** @type {string[]} */ options, /** @type {(option: string) => string} */ name = (option) => option) => {
      const select = h("select", { "aria-label": label, onchange: () => set({ [key]: select.value }) }, options.map((option) => h("option", { value: option }, name(option))));
      select.value = state[key];
      return h("label", { class: "field" }, h("span", {}, label), select);
    };
    const gamma = h("input", { type: "range", min: "0", max: String(GAMMAS.length - 1), step: "1", "aria-label": "gamma", oninput: () => set({ gamma: String(GAMMAS[Number(gamma.value)]) }) });
    gamma.value = String(Math.max(0, GAMMAS.indexOf(Number(state.gamma))));
    const silent = h("input", { type: "checkbox", onchange: () => set({ silent: silent.checked ? "hidden" : "shown" }) });
    silent.checked = state.silent === "hidden";
    fill(
      rangePanel,
      choice("range", "range", RANGES),
      choice("upper end", "top", ["clipped", "whole"], (option) => (option === "clipped" ? "99.5th percentile" : "true maximum")),
      choice("colour map", "map", COLOUR_MAPS),
      h("label", { class: "field" }, h("span", {}, "gamma"), gamma),
      choice("tile size", "tile", TILE_ZOOMS.map(String), (option) => (option === "0" ? "all channels fit" : `× ${option}`)),
      h("label", { class: "check" }, silent, h("span", {}, "hide silent channels")),
      h("p", { class: "quiet" }, stageInfo()?.signed ? "Values of either sign keep the diverging map." : "Block and network take the largest end of the stages they hold."),
    );
  }

  function drawViews() {
    const stage = stageInfo();
    const own = /** @type {Trace} */ (trace);
    const mode = !stage ? "photo" : state.view === "photos" && placed() ? "photos" : !placed() ? "units" : state.view === "channel" ? "channel" : "wall";
    wall.element.hidden = mode !== "wall";
    units.element.hidden = mode !== "units";
    photoView.element.hidden = mode !== "photo";
    enlarged.element.hidden = mode !== "channel";
    film.element.hidden = mode !== "photos";
    empty.hidden = true;
    if (!stage) photoView.update({ trace: own, original, resize: own.header.input.resize });
    else if (mode === "units") drawUnits(stage);
    else if (mode === "photos") drawFilm(stage);
    else if (mode === "channel") drawEnlarged(stage);
    else drawWall(stage);
  }

  /** @param {Stage} stage */
  function drawWall(stage) {
    const channels = shownChannels(stage);
    if (!channels.length) {
      wall.element.hidden = true;
      empty.hidden = false;
      fill(empty, h("p", {}, `All ${stage.shape[0]} channels are silent on this photo, and silent ones are hidden.`), h("button", { class: "button", type: "button", onclick: () => set({ silent: "shown" }) }, "Show silent channels"));
      return;
    }
    const channel = channelOf(stage);
    wall.update({
      shape: stage.shape,
      values: stages.get(stage.name) ?? null,
      statistics: /** @type {Trace} */ (trace).statistics[stage.name],
      order: state.order,
      channels,
      boundsOf: state.range === "channel" ? (c) => boundsOf(stage, c) : constant(boundsOf(stage, channel)),
      table: tableFor(stage),
      selected: channel,
      place: placeOf(stage, channel),
      tile: Number(state.tile),
      theme: theme(),
      title: stageTitle(stage.name),
    });
  }

  /** @param {Stage} stage */
  function drawUnits(stage) {
    const { classes } = /** @type {Trace} */ (trace).header.checkpoint;
    const isLogits = stage.name === "logits";
    units.update({
      values: stages.get(stage.name) ?? (isLogits ? /** @type {Trace} */ (trace).logits : null),
      units: isLogits && state.order === "index" && classes.length <= 30 ? shownChannels({ ...stage }) : shownChannels(stage),
      total: stage.shape[0],
      bounds: boundsOf(stage, 0),
      table: tableFor(stage),
      selected: channelOf(stage),
      title: stageTitle(stage.name),
      names: isLogits ? classes : null,
      probabilities: isLogits ? /** @type {Trace} */ (trace).probabilities : null,
      byIndex: state.order === "index",
    });
  }

  /** @param {Stage} stage */
  function drawEnlarged(stage) {
    const values = stages.get(stage.name);
    const channel = channelOf(stage);
    enlarged.update({ shape: stage.shape, values: values ?? null, channel, place: pointed ?? placeOf(stage, channel), bounds: boundsOf(stage, channel), table: tableFor(stage), title: stageTitle(stage.name) });
  }

  /** @param {Stage} stage */
  function drawFilm(stage) {
    film.update({
      photos: memory.photos,
      open: state.photo,
      stage: stage.name,
      channel: channelOf(stage),
      range: state.range,
      table: tableFor(stage),
      subjectOf: (photo) => ({ ...subject(), photo }),
    });
  }

  function drawSelection() {
    const stage = stageInfo();
    if (!stage || !trace) return draw();
    wall.select(channelOf(stage));
    if (state.range === "channel") drawLegend(stage);
    drawInspector();
  }

  function drawInspector() {
    if (!trace) return;
    const stage = stageInfo();
    const units = stage !== null && stage.shape.length === 1;
    inspector.element.hidden = !stage || units;
    unitInspector.element.hidden = !units && stage !== null;
    if (!stage || units) {
      unitInspector.update({ trace, stage, unit: stage ? channelOf(stage) : 0, values: stage ? (stages.get(stage.name) ?? null) : null, feeding: feeding(stage), activation: makeTable(rampAnchors(tokens, "house", theme(), false)), signed: makeTable(rampAnchors(tokens, "house", theme(), true), 1, true) });
      return;
    }
    const shown = held ? (trace.header.stages.find((each) => each.name === held?.stage) ?? stage) : stage;
    const isHeld = held !== null && shown.name === held.stage;
    const channel = isHeld && held ? held.channel : channelOf(stage);
    const [, height, width] = shown.shape;
    const place = pointed && shown === stage ? pointed : placeOf(shown, channel);
    const safe = { row: Math.min(place.row, height - 1), column: Math.min(place.column, width - 1) };
    inspector.update({ trace, stage: shown, values: stages.get(shown.name) ?? null, channel, place: safe, bounds: boundsOf(shown, channel), table: tableFor(shown), filters, held: isHeld, original, whole: whole && original !== null, title: stageTitle(shown.name) });
    if (state.view === "channel" && stage === shown) drawEnlarged(stage);
  }

  /** What a unit of an fc layer is computed from. @param {Stage | null} stage */
  function feeding(stage) {
    if (!stage || !trace) return null;
    const at = trace.header.stages.findIndex((each) => each.name === stage.name);
    const before = trace.header.stages[at - 1];
    return { stage: before, values: stages.get(before.name) ?? null };
  }

  function saveItems() {
    const stage = stageInfo();
    if (!stage || !trace) return [];
    const channel = channelOf(stage);
    const context = { trace, stage, channel, values: stages.get(stage.name) ?? null, bounds: boundsOf(stage, channel), table: tableFor(stage), range: state.range, subject: subject(), wall: placed() ? wall.canvas : units.canvas, units: !placed(), theme: theme() };
    return save.items(context).map(({ title: name, action }) =>
      h("button", {
        type: "button",
        role: "menuitem",
        onclick: () => {
          saveMenu.close();
          action();
        },
      }, name),
    );
  }

  // ------------------------------------------------------------------ model files, keys
  function chooseModelFile() {
    checkpointPick.select.value = state.checkpoint;
    const picker = h("input", { type: "file", accept: ".safetensors,.pt,.pth" });
    picker.addEventListener("change", async () => {
      const file = picker.files?.[0];
      if (!file) return;
      try {
        const entry = await sendCheckpoint(file, file.name);
        memory.checkpoints = [...memory.checkpoints.filter((known) => known.name !== entry.name), entry];
        set({ checkpoint: entry.name });
      } catch (error) {
        fail(error);
      }
    });
    picker.click();
  }

  /** @param {number} step 1, −1, or a row of the wall */
  function walk(step) {
    const stage = stageInfo();
    if (!stage) return;
    const channels = shownChannels(stage);
    const at = channels.indexOf(channelOf(stage));
    const next = at < 0 ? 0 : at + step;
    if (next >= 0 && next < channels.length) set({ channel: String(channels[next]) });
  }

  /** @param {keyof typeof DEFAULTS} key @param {string[]} options @param {number} [step] */
  function cycle(key, options, step = 1) {
    const at = options.indexOf(state[key]);
    set({ [key]: options[(at + step + options.length) % options.length] });
  }

  /** @param {number} step */
  function walkStages(step) {
    if (!trace) return;
    const names = ["input", ...trace.header.stages.map((stage) => stage.name)];
    const next = names[names.indexOf(state.stage) + step];
    if (next) openStage(next);
  }

  /** @param {number} n from 1 */
  function openGroup(n) {
    const groups = [...groupStages(trace?.header.stages ?? [])].filter(([group]) => group !== "input");
    const names = groups[n - 1]?.[1];
    if (names) openStage(names.find((name) => name.endsWith(".relu")) ?? names[0]);
  }

  /** @param {number} step */
  function bend(step) {
    const at = GAMMAS.indexOf(Number(state.gamma));
    set({ gamma: String(GAMMAS[Math.max(0, Math.min(GAMMAS.length - 1, at + step))]) });
  }

  function hold() {
    const stage = stageInfo();
    if (!stage || stage.shape.length !== 3) return;
    held = held ? null : { stage: stage.name, channel: channelOf(stage) };
    if (held) frame.toast(`${stageTitle(held.stage)}, channel ${held.channel} stays in the inspector. H lets it go.`);
    drawInspector();
  }

  function back() {
    if (presenting) present();
    else if (problem !== null) {
      problem = null;
      drawProblem();
    } else if (held) hold();
    else if (state.view !== "wall") set({ view: "wall" });
    else if (state.place) set({ place: "" });
    else if (state.silent === "hidden") set({ silent: "shown" });
  }

  function present() {
    presenting = !presenting;
    frame.root.classList.toggle("presenter", presenting);
    resize();
  }

  const arrow = (/** @type {string} */ key, /** @type {() => number} */ step) => ({ key, does: "walk the wall", keys: [key], action: () => walk(step()) });
  const rowStep = () => (placed() ? wall.columns : units.columns);
  frame.setShortcuts([
    { key: "← →", does: "channel: walk the wall", keys: [], action: () => undefined, footer: true },
    { ...arrow("ArrowLeft", () => -1), key: "←", does: "previous channel" },
    { ...arrow("ArrowRight", () => 1), key: "→", does: "next channel" },
    { ...arrow("ArrowUp", () => -rowStep()), key: "↑", does: "channel in the row above" },
    { ...arrow("ArrowDown", rowStep), key: "↓", does: "channel in the row below" },
    { key: "[ ]", does: "stage: previous, next", keys: ["["], action: () => walkStages(-1), footer: true },
    { key: "]", does: "next stage", keys: ["]"], action: () => walkStages(1) },
    { key: "1 … 8", does: "open a block, fc1, fc2, the prediction", keys: ["1", "2", "3", "4", "5", "6", "7", "8"], action: (event) => openGroup(Number(event.key)) },
    { key: "Enter U", does: "open the channel large", keys: ["Enter", "u"], action: () => placed() && set({ view: state.view === "channel" ? "wall" : "channel" }) },
    { key: "R", does: "range: channel, layer, block, network", keys: ["r"], action: () => cycle("range", RANGES), footer: true },
    { key: "O", does: "order: index, maximum, mean, zeros", keys: ["o"], action: () => cycle("order", ORDERS), footer: true },
    { key: "G", does: "gamma up", keys: ["g"], shift: false, action: () => bend(1) },
    { key: "Shift G", does: "gamma down", keys: ["g"], shift: true, action: () => bend(-1) },
    { key: "Z", does: "larger tiles", keys: ["z"], shift: false, action: () => cycle("tile", TILE_ZOOMS.map(String)) },
    { key: "Shift Z", does: "smaller tiles", keys: ["z"], shift: true, action: () => cycle("tile", TILE_ZOOMS.map(String), -1) },
    { key: "C", does: "colour map", keys: ["c"], action: () => cycle("map", COLOUR_MAPS) },
    { key: "X", does: "hide silent channels", keys: ["x"], action: () => cycle("silent", ["shown", "hidden"]) },
    { key: "H", does: "hold this channel while browsing", keys: ["h"], action: () => hold() },
    { key: "P", does: "presenter mode", keys: ["p"], action: () => present() },
    { key: "S", does: "save", keys: ["s"], action: () => saveMenu.open(), footer: true },
    { key: "Esc", does: "one level back", keys: ["Escape"], action: () => back() },
    { key: "?", does: "this list", keys: [], action: () => undefined },
  ]);

  function resize() {
    draw();
  }
  window.addEventListener("resize", resize);
  window.addEventListener("popstate", onPop);
  const kept = sessionStorage.getItem("alexnet_viz.photo");
  if (kept && !new URLSearchParams(location.search).has("photo")) void recover(kept);
  draw();
  if (!kept) void load();

  /** A reload keeps one's own photo for as long as the server has it. @param {string} id */
  async function recover(id) {
    try {
      const photo = await getJson(`photos/${id}/about`);
      if (!memory.photos.some((known) => known.id === id)) memory.photos.push(photo);
      state.photo = id;
    } catch {
      sessionStorage.removeItem("alexnet_viz.photo"); // The server has let it go: the first photo of the gallery is shown.
    }
    await load();
  }

  return {
    update: draw,
    destroy() {
      window.removeEventListener("resize", resize);
      window.removeEventListener("popstate", onPop);
      upload.destroy();
    },
  };
}

/** @template T @param {T} value @returns {() => T} */
function constant(value) {
  return () => value;
}

