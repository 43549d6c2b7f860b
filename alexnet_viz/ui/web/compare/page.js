/** The Compare page: two checkpoints on one photo, on a test set, their weights, their recipes. */
import { getJson, getStage, getTrace, postJson, sendFile, watchQueue } from "../server/api.js";
import { compareKeys } from "./keys.js";
import { createJobs } from "./jobs.js";
import { listedStages } from "./difference.js";
import { choosePairs, pairsFact, similarityOf } from "./pairing.js";
import { createPhotoPanel } from "./photo_panel.js";
import { changes, defaultsWith, follow, readState, writeState } from "./state.js";
import { createRecipesPanel } from "./recipes_panel.js";
import { createCompareSave } from "./save.js";
import { createTestPanel } from "./test_set_panel.js";
import { badge } from "./walls.js";
import { createWeightsPanel } from "./weights_panel.js";
import { measuredVerdict, verdict } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { keptPhoto } from "../shell/own_photo.js";
import { sharedQuery } from "../shell/links.js";
import { duration } from "../lib/format.js";
import { createPick } from "../lib/picker.js";
import { createPopover } from "../lib/popover.js";
import { isGallery, keepCheckpoint, keepPhotos, kept, refresh } from "../shell/tab_memory.js";
import { recoverPhoto } from "../shell/own_photo.js";
import { chooseModelFile, createUpload } from "../shell/upload.js";
import { visit } from "../shell/url.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./photo_panel.js").Arrived} Arrived */
/** @typedef {"a" | "b"} Side */

const SIDES = /** @type {Side[]} */ (["a", "b"]);
const UNTRAINED = "untrained";
const VIEW_TITLES = { photo: "this photo", test: "test set", weights: "weights", recipes: "recipes" };
/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: CheckpointEntry[], checkpoint: string}} config
 * @param {() => "light" | "dark"} theme
 */
export function createCompare(frame, config, theme) {
  refresh(config);
  const defaults = defaultsWith(config.checkpoint);
  let state = readState(defaults, kept.checkpoints);
  /** @type {Arrived | null} what is drawn; of another photo than the state's while that one is being computed */
  let arrived = null;
  let arrivedOf = "";
  /** @type {string | null} */
  let problem = null;
  let request = 0;
  /** @type {{name: string, title: string, images: number}[]} */
  let dataSets = [];

  // ---------------------------------------------------------------- parts
  const panel = createPhotoPanel({ set, onOpenUnit: openUnit, onCompute: () => void jobs.start(asked()), onCancel: () => void jobs.cancel(asked()) });
  const jobs = createJobs((isProgress) => {
    const m = isProgress && state.view === "photo" ? moment() : null;
    if (m) panel.progress(m);
    else draw();
  });
  const test = createTestPanel({ set, onStart: () => void jobs.start(asked()), onCancel: () => void jobs.cancel(asked()), onOpen: (index) => void openPicture(index), onFolder: (file) => void addPictures(file) });
  const weights = createWeightsPanel();
  const recipes = createRecipesPanel({ set });
  const panels = { photo: panel.element, test: test.element, weights: weights.element, recipes: recipes.element };
  const viewButtons = Object.entries(VIEW_TITLES).map(([view, title]) => h("button", { type: "button", "data-view": view, onclick: () => set({ view }) }, title));
  const picks = {
    a: createPick("checkpoint", (name) => choose("a", name)),
    b: createPick("checkpoint", (name) => choose("b", name)),
  };
  const photoPick = createPick("photo", (photo) => (photo === "+" ? (drawPicks(), upload.open()) : set({ photo })));
  const upload = createUpload(frame.root, { photos: () => kept.photos, onPick: (photo) => set({ photo: photo.id }), onPhotos: receive });
  const swapButton = h("button", { class: "button quiet swap", type: "button", title: "Swap A and B (X)", "aria-label": "Swap A and B", onclick: () => swap() }, "⇄");
  const savePanel = h("div", { class: "menu", role: "group", "aria-label": "Save" });
  const saveMenu = createPopover(h("button", { class: "button quiet chevron", type: "button", title: "Pictures, tables, numbers, the report" }, "Save"), savePanel, () => fill(savePanel, saveItems()));
  const save = createCompareSave(frame);
  const sentence = h("p", { class: "verdict", "aria-live": "polite" });
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  const empty = h(
    "div",
    { class: "compare-empty" },
    h("p", { class: "sentence" }, "Pick a second checkpoint, or compare with the untrained one."),
    h("button", { class: "button primary", type: "button", onclick: () => set({ b: second() }) }, "Compare with the untrained one"),
  );
  const waiting = h("p", { class: "sentence compare-waiting", role: "status" });
  const body = h("div", { class: "compare-body" }, errorBox, empty, waiting, Object.values(panels));
  frame.main.className = "page compare";
  fill(frame.main, h("div", { class: "compare-top" }, h("div", { class: "compare-picks" }, badge("A"), picks.a.element, swapButton, badge("B"), picks.b.element, h("div", { class: "compare-views" }, saveMenu.element, h("div", { class: "segments", role: "group", "aria-label": "What is compared" }, viewButtons))), sentence), body);
  picks.a.select.setAttribute("aria-label", "Checkpoint A");
  picks.b.select.setAttribute("aria-label", "Checkpoint B");
  frame.setActions(photoPick.element);
  frame.setQuery(() => sharedQuery(isGallery(state.photo) ? state.photo : "", defaults.photo));
  frame.setShortcuts(
    compareKeys({
      swap,
      mode: (mode) => set({ mode }),
      walkStages: panel.walkStages,
      walk: panel.walk,
      columns: () => panel.columns,
      order: panel.nextOrder,
      open: panel.openUnit,
      save: () => state.b && saveMenu.open(),
      back,
    }),
  );

  // ---------------------------------------------------------------- state
  /** What the empty state offers: the untrained one, or the usual one where that is A. */
  function second() {
    return state.a === UNTRAINED ? config.checkpoint : UNTRAINED;
  }

  /** @param {Side} side */
  function subject(side) {
    return { photo: state.photo, checkpoint: state[side], resize: "" };
  }

  function subjects() {
    return JSON.stringify(SIDES.map(subject));
  }

  /** Which comparison on many pictures belongs to what is on the screen. */
  function asked() {
    return { a: state.a, b: state.b, data: dataSet().name, count: state.count };
  }

  function dataSet() {
    return dataSets.find(({ name }) => name === state.data) ?? dataSets[0] ?? { name: "shapes", title: "shapes", images: 0 };
  }

  /** @param {Partial<State>} given @param {string | null} [said] a problem that stays on the page */
  function set(given, said = null) {
    const before = state;
    state = follow(before, given);
    const changed = changes(state, before);
    problem = said;
    if (!changed.length) return draw();
    writeState(state, defaults, changed, isGallery(state.photo));
    afterwards(changed);
  }

  /** @param {import("./state.js").Key[]} changed */
  function afterwards(changed) {
    if (changed.some((key) => key === "photo" || key === "a" || key === "b")) void load();
    else if (changed.includes("data") || changed.includes("count")) void jobs.look(asked());
    else if (changed.includes("stage") || changed.includes("other")) void loadStage();
    // Matched pairs are asked for before there are any: they come with the comparison.
    if (changed.includes("pairs") && state.pairs === "matched" && !jobs.of(asked()).found) void jobs.start(asked());
    const isLight = changed.every((key) => key === "channel" || key === "place" || key === "split");
    const m = isLight && errorBox.hidden && moment();
    if (m) panel.select(m);
    else draw();
  }

  const onPop = () => {
    const before = state;
    state = readState(defaults, kept.checkpoints);
    if (!isGallery(before.photo) && !new URLSearchParams(location.search).has("photo")) state.photo = before.photo;
    problem = null;
    afterwards(changes(state, before));
  };

  /** @param {Side} side @param {string} name */
  function choose(side, name) {
    if (name !== "+") return set({ [side]: name });
    drawPicks();
    chooseModelFile(frame, (entry) => {
      keepCheckpoint(entry);
      set({ [side]: entry.name });
    }, fail);
  }

  function swap() {
    if (!state.b) return;
    if (arrived && arrivedOf === subjects()) {
      // Both are here already: nothing is asked of the server.
      const { traces, values } = arrived;
      arrived = { traces: { a: traces.b, b: traces.a }, values: { a: values.b, b: values.a } };
      arrivedOf = JSON.stringify([subject("b"), subject("a")]);
    }
    set({ a: state.b, b: state.a, stage: state.other || state.stage, other: state.other ? state.stage : "" });
  }

  /** @param {Photo[]} photos @param {string[]} refused */
  function receive(photos, refused) {
    keepPhotos(photos);
    set(photos.length ? { photo: photos[0].id } : {}, refused.length ? refused.join("\n") : null);
  }

  // ---------------------------------------------------------------- asking the server
  async function load() {
    const mine = ++request;
    if (!state.b) return draw();
    const wanted = subjects();
    if (arrived && arrivedOf === wanted) return loadRest(mine);
    const stopWatching = watchQueue(
      () => mine === request,
      (words) => !arrived && setText(waiting, `Computing. ${words}`),
    );
    try {
      const [a, b] = await Promise.all([getTrace(subject("a")), getTrace(subject("b"))]);
      if (mine !== request) return;
      [arrived, arrivedOf] = [{ traces: { a, b }, values: { a: new Map(), b: new Map() } }, wanted];
      if (!a.header.stages.some((stage) => stage.name === state.stage)) Object.assign(state, { stage: defaults.stage, channel: "", place: "" });
      draw();
      await loadStage();
      await loadRest(mine);
    } catch (error) {
      if (mine === request) fail(error);
    } finally {
      stopWatching();
    }
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    if (arrived && arrivedOf) {
      // What is on the screen stays, and the pickers name it again.
      const [a, b] = JSON.parse(arrivedOf);
      Object.assign(state, { photo: a.photo, a: a.checkpoint, b: b.checkpoint });
      writeState(state, defaults, [], isGallery(state.photo));
    } else if (state.photo !== defaults.photo || state.a !== defaults.a || state.b) {
      // A link to what is no longer there still opens on something.
      const known = (/** @type {string} */ name) => kept.checkpoints.some((entry) => entry.name === name);
      Object.assign(state, { photo: isGallery(state.photo) ? state.photo : defaults.photo, a: known(state.a) ? state.a : defaults.a, b: known(state.b) ? state.b : "" });
      writeState(state, defaults, [], true);
      if (state.b) void load();
    }
    draw();
  }

  /** @param {Arrived} own @param {Side} side @param {string} stage */
  async function fetchStage(own, side, stage) {
    const { header } = own.traces[side];
    if (own.values[side].has(stage) || !header.stages.some(({ name }) => name === stage)) return;
    const subject = { photo: header.photo.id, checkpoint: header.checkpoint.name, resize: "" };
    own.values[side].set(stage, await getStage(subject, stage, header.checkpoint.digest));
  }

  async function loadStage() {
    const own = arrived;
    if (!own || arrivedOf !== subjects()) return;
    const { stage, other } = state;
    try {
      await Promise.all([fetchStage(own, "a", stage), fetchStage(own, "b", other || stage)]);
      if (arrived === own) draw();
    } catch (error) {
      if (arrived === own) fail(error);
    }
  }

  /** All that the keys and the list can open, so that from then on nothing is asked of the server. @param {number} mine */
  async function loadRest(mine) {
    const own = /** @type {Arrived} */ (arrived);
    body.setAttribute("aria-busy", "true");
    try {
      for (const side of SIDES) {
        for (const name of listedStages(own.traces[side].header.stages, state.stage)) {
          if (mine !== request) return;
          await fetchStage(own, side, name);
        }
      }
      if (!dataSets.length) dataSets = (await getJson("comparison/data", { own: state.data })).data;
      if (mine !== request) return;
      await jobs.look(asked());
      if (mine === request) body.setAttribute("aria-busy", "false");
      draw();
    } catch (error) {
      if (mine === request) fail(error);
    }
  }

  // ---------------------------------------------------------------- drawing
  /** @returns {import("./photo_panel.js").Moment | null} */
  function moment() {
    if (!arrived) return null;
    return {
      state,
      arrived,
      names: { a: titleOf("a"), b: titleOf("b") },
      theme: theme(),
      stale: arrivedOf !== subjects(),
      choose: (stage) => choosePairs(state.pairs, stage, jobs.of(asked())),
      stages: similarityOf(jobs.of(asked()), dataSet().title),
    };
  }

  /** @param {Side} side */
  function titleOf(side) {
    return kept.checkpoints.find((entry) => entry.name === state[side])?.title ?? state[side];
  }

  function draw() {
    drawPicks();
    errorBox.hidden = problem === null;
    fill(errorBox, (problem ?? "").split("\n").map((line) => h("b", {}, line)), h("button", { class: "button", type: "button", onclick: () => set({}) }, "Close"));
    empty.hidden = Boolean(state.b);
    const m = state.b ? moment() : null;
    for (const [view, element] of Object.entries(panels)) element.hidden = !m || state.view !== view;
    for (const button of viewButtons) button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
    saveMenu.element.hidden = !m;
    waiting.hidden = Boolean(m) || !state.b;
    if (!m) {
      setText(waiting, "Computing both");
      setText(/** @type {Element} */ (empty.querySelector("button")), second() === UNTRAINED ? "Compare with the untrained one" : `Compare with ${second()}`);
      setText(sentence, "");
      frame.setFacts([]);
      return;
    }
    setText(sentence, m.stale ? "Computing both" : verdict(m.arrived.traces) + measuredVerdict(jobs.of(asked()).found, dataSet().title));
    drawPanel(m);
    drawFacts(m);
  }

  /** @param {import("./photo_panel.js").Moment} m */
  function drawPanel(m) {
    const { a, b } = m.arrived.traces;
    const digests = { a: a.header.checkpoint.digest, b: b.header.checkpoint.digest };
    if (state.view === "photo") panel.update(m);
    else if (state.view === "test") test.update({ known: jobs.of(asked()), dataSets, data: dataSet(), count: state.count, theme: theme(), names: m.names });
    else if (state.view === "recipes") recipes.update({ a: state.a, b: state.b, more: state.more, checkpoints: kept.checkpoints, theme: theme() });
    else if (!m.stale) weights.update({ a: state.a, b: state.b, digests, names: m.names, partners: m.choose("block1.conv").pairing?.partners ?? null, theme: theme() });
  }

  function drawPicks() {
    const entries = kept.checkpoints.map((entry) => ({ value: entry.name, title: entry.title }));
    const file = { value: "+", title: "Open a file…" };
    picks.a.update([...entries, file], state.a);
    picks.b.update([...(state.b ? [] : [{ value: "", title: "pick one" }]), ...entries, file], state.b);
    photoPick.update([...kept.photos.map(({ id, name }) => ({ value: id, title: name })), { value: "+", title: "Upload a photo…" }], state.photo);
    swapButton.disabled = !state.b;
  }

  /** @param {import("./photo_panel.js").Moment} m */
  function drawFacts({ arrived: { traces } }) {
    const strong = (/** @type {string} */ text) => h("b", {}, text);
    const seconds = traces.a.header.seconds + traces.b.header.seconds;
    const known = jobs.of(asked());
    frame.setFacts([[pairsFact(known, choosePairs(state.pairs, state.stage, known))], ["one range for A and B"], [strong(traces.a.header.device)], ["two forward passes ", strong(duration(seconds))]]);
  }

  function saveItems() {
    const m = moment();
    if (!m) return [];
    const { photo } = m.arrived.traces.a.header;
    const query = { ...asked(), photo: state.photo };
    const context = { view: state.view, panel: panels[/** @type {keyof typeof panels} */ (state.view)], photo, names: m.names, query, shown: panel.shown(), canvases: panel.pictures() };
    return save.items(context).map((item) => h("button", { type: "button", onclick: () => void (saveMenu.close(), item.action()) }, item.title));
  }

  // ---------------------------------------------------------------- what keys do
  /** @param {string} stage @param {number} channel of B */
  function openUnit(stage, channel) {
    visit("", { ...sharedQuery(isGallery(state.photo) ? state.photo : "", defaults.photo), checkpoint: state.b, stage, channel: String(channel) });
  }

  function back() {
    if (problem !== null) set({});
    else if (state.place) set({ place: "" });
    else if (state.other) set({ other: "" });
    else if (state.mode !== defaults.mode) set({ mode: defaults.mode });
    else if (state.shown !== defaults.shown) set({ shown: defaults.shown });
  }

  /** Class folders in a zip, as the Train page takes them. @param {File} file */
  async function addPictures(file) {
    const note = frame.lasting(`Sending ${file.name}`);
    try {
      const { data } = await sendFile("datasets", file, note.say);
      dataSets = (await getJson("comparison/data", { own: `folder-${data}` })).data;
      set({ data: `folder-${data}` });
    } catch (error) {
      fail(error);
    } finally {
      note.end();
    }
  }

  /** A picture of the test set becomes a photo like any other. @param {number} index */
  async function openPicture(index) {
    try {
      const photo = await postJson(`comparison/data/${dataSet().name}/${index}/photo`);
      receive([photo], []);
      set({ view: "photo" });
    } catch (error) {
      fail(error);
    }
  }

  /** @param {string} id one's own photo of before a reload */
  async function recover(id) {
    if (await recoverPhoto(id)) state.photo = id;
    await load();
  }

  window.addEventListener("resize", draw);
  window.addEventListener("popstate", onPop);
  draw();
  const own = keptPhoto();
  if (own) void recover(own);
  else void load();

  return {
    update: draw,
    destroy() {
      window.removeEventListener("resize", draw);
      window.removeEventListener("popstate", onPop);
      upload.destroy();
      jobs.destroy();
      recipes.destroy();
      panel.destroy();
    },
  };
}
