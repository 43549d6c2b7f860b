/** The Explore page: one state, one function that draws it; the server is asked only for new numbers. */
import { getFilters, getStage, getTrace, pictureAddress, traffic, watchQueue } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { createEnlarged } from "./channel_view.js";
import { exploreKeys } from "./keys.js";
import { ORDERS, changes, defaultsWith, follow, readState, writeState } from "./state.js";
import { keptPhoto } from "../shell/own_photo.js";
import { sharedQuery } from "../shell/links.js";
import { createFilm } from "./photo_row.js";
import { bytes, count, duration, groupOf, groupTitle, kindTitle, shape, stageTitle } from "../lib/format.js";
import { createPick } from "../lib/picker.js";
import { createPopover } from "../lib/popover.js";
import { createInspector } from "./inspector.js";
import { isGallery, keepPhotos, kept, refresh } from "../shell/tab_memory.js";
import { recoverPhoto } from "../shell/own_photo.js";
import { createPhotoView } from "./photo_view.js";
import { createRangeMenu } from "./range_menu.js";
import { presentIn } from "../shell/presenter.js";
import { createSave } from "./save.js";
import { createShapes } from "./shape_table.js";
import { createStrip } from "./strip.js";
import { createUnitInspector } from "./unit_inspector.js";
import { createUnits } from "./units.js";
import { chooseModelFile, createUpload } from "../shell/upload.js";
import { View } from "./selection.js";
import { createWall } from "../maps/wall.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./state.js").State} State */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: CheckpointEntry[], checkpoint: string, shapes: Record<string, number[]>}} config
 * @param {() => "light" | "dark"} theme
 */
export function createExplore(frame, config, theme) {
  refresh(config);
  const defaults = defaultsWith(config.checkpoint);
  let state = readState(defaults, kept.checkpoints);
  /** @type {Trace | null} what is drawn; of another photo than the state's while that one is being computed */
  let trace = null;
  let traceOf = "";
  /** @type {Map<string, Float32Array>} */
  let values = new Map();
  /** @type {{values: Float32Array, shape: number[]} | null} */
  let filters = null;
  /** @type {HTMLImageElement | null} */
  let original = null;
  /** @type {{row: number, column: number} | null} where the pointer is */
  let pointed = null;
  /** @type {{stage: string, channel: number} | null} */
  let held = null;
  /** @type {string | null} */
  let problem = null;
  let whole = false;
  let presenting = false;
  let request = 0;
  let frames = 0;

  // ---------------------------------------------------------------- parts
  const pin = (/** @type {number} */ row, /** @type {number} */ column, /** @type {boolean} */ pinned) => (pinned ? set({ place: `${row},${column}` }) : point({ row, column }));
  const openChannel = () => void (view()?.hasPlaces && set({ view: state.view === "channel" ? "wall" : "channel" }));
  const strip = createStrip((stage) => openStage(stage));
  const wall = createWall({ onHover: (place) => point(place), onSelect: ({ channel, row, column }) => set({ channel: String(channel), place: `${row},${column}` }), onOpen: openChannel });
  const units = createUnits({ onSelect: (unit) => set({ channel: String(unit) }) });
  const inspector = createInspector({ onPlace: pin, onLeave: () => point(null), onOpen: openChannel, onChannel: (channel) => set({ channel: String(channel) }), onWhole: (next) => void ((whole = next), drawInspector()) });
  const unitInspector = createUnitInspector();
  const photoView = createPhotoView({ onResize: (resize) => set({ resize }) });
  const enlarged = createEnlarged({ onPlace: pin, onLeave: () => point(null) });
  const film = createFilm({ onPick: (photo) => set({ photo, view: "wall" }) });
  const shapes = createShapes(frame);
  const save = createSave(frame);
  const rangeMenu = createRangeMenu((change) => set(change));
  const upload = createUpload(frame.root, { photos: () => kept.photos, onPick: (photo) => set({ photo: photo.id }), onPhotos: receive });
  const photoPick = createPick("photo", (photo) => set({ photo }));
  const checkpointPick = createPick("checkpoint", (checkpoint) => (checkpoint === "+" ? openModelFile() : set({ checkpoint })));
  const orderPick = createPick("order", (order) => set({ order }));
  const shapeButton = h("button", { class: "light", type: "button", title: "The shapes of all stages, with their arithmetic", onclick: () => void shapes.open(state.checkpoint, state.photo) });
  const title = h("h2", {});
  const segments = h("div", { class: "segments", role: "group", "aria-label": "Stages of this block" });
  const photosButton = h("button", { class: "button quiet", type: "button", title: "The selected channel on every photo, side by side", onclick: () => set({ view: state.view === "photos" ? "wall" : "photos" }) }, "All photos");
  const savePanel = h("div", { class: "menu", role: "group", "aria-label": "Save" });
  const saveMenu = createPopover(h("button", { class: "button quiet chevron", type: "button", title: "Pictures, numbers, the table" }, "Save"), savePanel, () => fill(savePanel, saveItems()));
  const sentence = h("p", { class: "sentence", id: "wall-sentence", "aria-live": "polite" });
  const note = h("div", { class: "stale-note", role: "status", hidden: true });
  const empty = h("div", { class: "empty", hidden: true });
  const errorBox = h("div", { class: "error-box floating", role: "alert", hidden: true });
  const panels = { wall: wall.element, units: units.element, photo: photoView.element, channel: enlarged.element, photos: film.element };
  const left = h(
    "section",
    { class: "wall-side", "aria-label": "Feature maps" },
    h("div", { class: "wall-head" }, h("div", { class: "wall-title" }, title, segments), h("div", { class: "wall-tools" }, orderPick.element, photosButton, saveMenu.element)),
    h("div", { class: "wall-line" }, sentence, rangeMenu.element),
    h("div", { class: "views" }, Object.values(panels), empty, note, errorBox),
  );
  const right = h("div", { class: "inspector-side" }, inspector.element, unitInspector.element);
  frame.main.className = "page explore";
  fill(frame.main, strip.element, h("div", { class: "table" }, left, right));
  frame.setActions(upload.button, photoPick.element, checkpointPick.element);
  frame.setQuery(() => sharedQuery(isGallery(state.photo) ? state.photo : "", defaults.photo));
  frame.setShortcuts(
    exploreKeys({ view, set, open: openStage, openChannel, columns: () => (view()?.hasPlaces ? wall.columns : units.columns), hold, present, save: () => saveMenu.open(), back }),
  );

  // ---------------------------------------------------------------- state
  /** @returns {View | null} */
  function view() {
    return trace && new View(state, trace, values, theme());
  }

  function subject() {
    return { photo: state.photo, checkpoint: state.checkpoint, resize: state.resize };
  }

  function isStale() {
    return trace !== null && traceOf !== JSON.stringify(subject());
  }

  /** @param {Partial<State>} given @param {string | null} [said] a problem that stays on the page */
  function set(given, said = null) {
    const before = state;
    state = follow(before, given);
    const changed = changes(state, before);
    problem = said;
    if (!changed.length) return drawProblem();
    writeState(state, defaults, changed, isGallery(state.photo));
    afterwards(changed);
  }

  /** @param {import("./state.js").Key[]} changed */
  function afterwards(changed) {
    if (changed.some((key) => key === "photo" || key === "checkpoint" || key === "resize")) void load();
    else if (changed.includes("stage")) void loadStage();
    if (changed.every((key) => key === "channel" || key === "place") && view()?.panel === "wall") drawSelection();
    else draw();
    if (changed.includes("stage")) strip.reveal();
  }

  const onPop = () => {
    const before = state;
    state = readState(defaults, kept.checkpoints);
    if (!isGallery(before.photo) && !new URLSearchParams(location.search).has("photo")) state.photo = before.photo;
    problem = null;
    afterwards(changes(state, before));
  };

  /** @param {{row: number, column: number} | null} place */
  function point(place) {
    pointed = place;
    if (!frames) frames = requestAnimationFrame(() => void ((frames = 0), drawInspector()));
  }

  /** @param {string} stage */
  function openStage(stage) {
    if (stage !== "input" && !view()?.find(stage)) return;
    set({ stage, view: state.view === "photos" && stage !== "input" ? "photos" : "wall" });
  }

  /** @param {Photo[]} photos @param {string[]} refused */
  function receive(photos, refused) {
    keepPhotos(photos);
    const said = refused.length ? refused.join("\n") : null;
    if (!photos.length) return set({}, said);
    set(photos.length > 1 && view()?.hasPlaces ? { photo: photos[0].id, view: "photos" } : { photo: photos[0].id }, said);
  }

  // ---------------------------------------------------------------- asking the server
  async function load() {
    const mine = ++request;
    const asked = subject();
    const stopWatching = watchQueue(
      () => mine === request,
      (words) => isStale() && setText(note, `out of date, computing. ${words}`),
    );
    try {
      const next = await getTrace(asked);
      if (mine !== request) return;
      if (traceOf !== JSON.stringify(asked)) values = new Map();
      [trace, traceOf, filters, original] = [next, JSON.stringify(asked), null, null];
      if (state.stage !== "input" && !view()?.stage) state.stage = defaults.stage;
      draw();
      await loadStage();
      void loadRest(mine);
    } catch (error) {
      if (mine === request) fail(error);
    } finally {
      stopWatching();
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    if (trace) {
      // What is on the screen stays, and the pickers name it again.
      const { photo, checkpoint, resize } = JSON.parse(traceOf);
      Object.assign(state, { photo, checkpoint, resize });
      writeState(state, defaults, [], isGallery(photo));
    } else if (state.photo !== defaults.photo || state.checkpoint !== defaults.checkpoint) {
      // A link to what is no longer there still opens on something.
      Object.assign(state, { photo: defaults.photo, checkpoint: defaults.checkpoint });
      void load();
    }
    draw();
  }

  async function loadStage() {
    if (!trace || isStale() || state.stage === "input" || values.has(state.stage)) return;
    const [own, stage] = [trace, state.stage];
    try {
      const arrived = await getStage(subject(), stage, own.header.checkpoint.digest);
      if (trace !== own) return;
      values.set(stage, arrived);
      if (state.stage === stage) draw();
    } catch (error) {
      if (trace === own) fail(error);
    }
  }

  /** What will be wanted next: the original, the filters, every block's output, what has a face, the rest of the open block. @param {number} mine */
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
    picture.src = pictureAddress(photo.id, 1280);
    try {
      filters = await getFilters(checkpoint.name, checkpoint.digest);
      drawInspector();
      const names = own.header.stages.map((stage) => stage.name);
      const first = names.filter((name) => name.endsWith(".pool") || !name.includes("."));
      const then = names.filter((name) => name.endsWith(".relu") || groupOf(name) === groupOf(state.stage));
      for (const name of new Set([...first, ...then])) {
        if (mine !== request) return;
        const arrived = await getStage(asked, name, checkpoint.digest);
        if (trace === own) values.set(name, arrived);
        if (name === state.stage) draw();
        else if (!view()?.hasPlaces) drawInspector();
      }
    } catch (error) {
      if (mine === request) fail(error);
    }
  }

  // ---------------------------------------------------------------- drawing
  function draw() {
    drawFrame();
    drawProblem();
    const now = view();
    if (!now) return drawWaiting();
    strip.update({ trace: now.trace, open: state.stage, theme: theme(), activation: now.houseTable(false), signed: now.houseTable(true), stale: isStale() });
    drawHead(now);
    drawPanel(now);
    drawInspector();
    left.classList.toggle("stale", isStale());
    right.classList.toggle("stale", isStale());
    if (note.hidden !== !isStale()) setText(note, "out of date, computing");
    note.hidden = !isStale();
  }

  function drawFrame() {
    photoPick.update(kept.photos.map(({ id, name }) => ({ value: id, title: name })), state.photo);
    checkpointPick.update([...kept.checkpoints.map((entry) => ({ value: entry.name, title: entry.title })), { value: "+", title: "Open a file…" }], state.checkpoint);
    if (!trace) return;
    const { device, seconds, memory } = trace.header;
    const strong = (/** @type {string} */ text) => h("b", {}, text);
    frame.setFacts([[strong(device)], ["forward pass ", strong(duration(seconds))], [`${bytes(traffic.bytes)} sent`], ["memory ", strong(bytes(memory))]]);
  }

  function drawProblem() {
    errorBox.hidden = problem === null;
    if (problem === null) return;
    fill(
      errorBox,
      problem.split("\n").map((line) => h("b", {}, line)),
      trace ? h("span", {}, "The last photo stays on the page.") : null,
      h("button", { class: "button", type: "button", onclick: () => set({}) }, "Close"),
    );
  }

  /** The frame and empty slots stand at once, at their right size. */
  function drawWaiting() {
    const slots = config.shapes[state.stage]?.length === 3 ? config.shapes[state.stage] : config.shapes[defaults.stage];
    fill(title, groupTitle(groupOf(state.stage)), " ", h("span", { class: "light" }, shape(slots)));
    showPanel("wall");
    unitInspector.element.hidden = true;
    wall.wait(slots, stageTitle(state.stage));
  }

  /** @param {View} now */
  function drawHead(now) {
    const { stage } = now;
    const group = groupOf(state.stage);
    const size = now.trace.header.input.size;
    const words = { units: `${count(stage?.shape[0] ?? 0)} ${group === "logits" ? "classes" : "units"}`, photo: shape([3, size, size]) };
    setText(shapeButton, now.panel === "units" || now.panel === "photo" ? words[now.panel] : shape(stage?.shape ?? []));
    if (shapeButton.parentElement !== title) fill(title, h("span", {}), " ", shapeButton);
    setText(/** @type {Element} */ (title.firstElementChild), groupTitle(group));
    const names = now.stagesOf(group);
    segments.hidden = names.length < 2;
    fill(segments, names.map((name) => h("button", { type: "button", "aria-pressed": String(name === state.stage), onclick: () => openStage(name) }, kindTitle(name))));
    const orders = ORDERS.filter((order) => now.hasPlaces || order === "index" || order === "maximum");
    orderPick.update(orders.map((order) => ({ value: order, title: order })), orders.includes(state.order) ? state.order : "maximum");
    orderPick.element.hidden = now.panel !== "wall" && now.panel !== "units";
    photosButton.hidden = !now.hasPlaces;
    photosButton.setAttribute("aria-pressed", String(state.view === "photos"));
    saveMenu.element.hidden = !stage;
    setText(sentence, now.sentence(kept.photos.length));
    rangeMenu.update(now);
  }

  /** @param {keyof typeof panels | null} shown */
  function showPanel(shown) {
    for (const [name, element] of Object.entries(panels)) element.hidden = name !== shown;
    empty.hidden = shown !== null;
  }

  /** @param {View} now */
  function drawPanel(now) {
    const { panel, stage } = now;
    const isEmpty = panel === "wall" && stage !== null && now.channels(stage).length === 0;
    showPanel(isEmpty ? null : panel);
    if (!stage) return photoView.update({ trace: now.trace, original });
    if (isEmpty) fill(empty, h("p", {}, `All ${stage.shape[0]} channels are silent on this photo, and silent ones are hidden.`), h("button", { class: "button", type: "button", onclick: () => set({ silent: "shown" }) }, "Show silent channels"));
    else if (panel === "wall") drawWall(now, stage);
    else if (panel === "units") drawUnits(now, stage);
    else if (panel === "photos") film.update({ photos: kept.photos, open: state.photo, stage: stage.name, channel: now.channel(stage), table: now.table(stage), subjectOf: (photo) => ({ ...subject(), photo }) });
  }

  /** @param {View} now @param {Stage} stage */
  function drawWall(now, stage) {
    const channel = now.channel(stage);
    const shared = now.bounds(stage, channel);
    wall.update({
      shape: stage.shape,
      values: values.get(stage.name) ?? null,
      statistics: now.trace.statistics[stage.name],
      order: state.order,
      channels: now.channels(stage),
      boundsOf: state.range === "channel" ? (each) => now.bounds(stage, each) : () => shared,
      table: now.table(stage),
      selected: channel,
      tile: Number(state.tile) || 0,
      title: stageTitle(stage.name),
    });
  }

  /** @param {View} now @param {Stage} stage */
  function drawUnits(now, stage) {
    const isLogits = stage.name === "logits";
    units.update({
      values: isLogits ? now.trace.logits : (values.get(stage.name) ?? null),
      units: now.channels(stage),
      total: stage.shape[0],
      bounds: now.bounds(stage, 0),
      table: now.table(stage),
      selected: now.channel(stage),
      title: stageTitle(stage.name),
      names: isLogits ? now.trace.header.checkpoint.classes : null,
      probabilities: isLogits ? now.trace.probabilities : null,
      byIndex: state.order === "index",
    });
  }

  /** Only the selection has changed: nothing is painted anew but the marks. */
  function drawSelection() {
    const now = view();
    if (!now?.stage) return draw();
    wall.select(now.channel(now.stage));
    rangeMenu.update(now);
    drawInspector();
    if (!errorBox.hidden) drawProblem();
  }

  function drawInspector() {
    const now = view();
    if (!now) return;
    inspector.element.hidden = !now.hasPlaces;
    unitInspector.element.hidden = now.hasPlaces;
    if (now.stage && now.hasPlaces) drawMap(now, now.stage);
    else unitInspector.update(now);
  }

  /** @param {View} now @param {Stage} stage */
  function drawMap(now, stage) {
    const heldStage = held ? now.find(held.stage) : null;
    const shown = heldStage ?? stage;
    const channel = heldStage && held ? held.channel : now.channel(stage);
    const place = pointed && shown === stage ? pointed : now.place(shown, channel);
    const common = { values: values.get(shown.name) ?? null, channel, place, bounds: now.bounds(shown, channel), table: now.table(shown), title: stageTitle(shown.name) };
    inspector.update({ ...common, trace: now.trace, stage: shown, filters, held: heldStage !== null, original, whole: whole && original !== null, pointing: pointed !== null });
    if (now.panel === "channel" && shown === stage) enlarged.update({ ...common, shape: shown.shape });
  }

  function saveItems() {
    const now = view();
    if (!now?.stage) return [];
    const { stage } = now;
    const channel = now.channel(stage);
    const context = { trace: now.trace, stage, channel, values: values.get(stage.name) ?? null, bounds: now.bounds(stage, channel), table: now.table(stage), range: state.range, subject: subject(), wall: now.hasPlaces ? wall.picture() : units.canvas, units: !now.hasPlaces };
    return save.items(context).map((item) => h("button", { type: "button", onclick: () => void (saveMenu.close(), item.action()) }, item.title));
  }

  // ---------------------------------------------------------------- what keys and menus do
  function openModelFile() {
    checkpointPick.select.value = state.checkpoint;
    chooseModelFile(frame, (entry) => {
      kept.checkpoints.push(entry);
      set({ checkpoint: entry.name });
    }, fail);
  }

  function hold() {
    const now = view();
    if (!now?.stage || !now.hasPlaces) return;
    held = held ? null : { stage: now.stage.name, channel: now.channel(now.stage) };
    if (held) frame.toast(`${stageTitle(held.stage)}, channel ${held.channel} stays in the inspector. H lets it go.`);
    drawInspector();
  }

  function back() {
    if (presenting) present();
    else if (problem !== null) set({});
    else if (held) hold();
    else if (state.view !== "wall") set({ view: "wall" });
    else if (state.place) set({ place: "" });
    else if (state.silent === "hidden") set({ silent: "shown" });
  }

  function present() {
    presenting = !presenting;
    presentIn(frame.root, presenting);
    draw();
  }

  /** @param {string} id one's own photo of before a reload */
  async function recover(id) {
    if (await recoverPhoto(id)) state.photo = id;
    await load();
  }

  const onResize = () => void (presentIn(frame.root, presenting), draw());
  window.addEventListener("resize", onResize);
  window.addEventListener("popstate", onPop);
  draw();
  const own = keptPhoto();
  if (own) void recover(own);
  else void load();

  return {
    update: draw,
    destroy() {
      window.removeEventListener("resize", onResize);
      window.removeEventListener("popstate", onPop);
      upload.destroy();
    },
  };
}
