/** The Compare page: two checkpoints on one photo, on a test set, their weights, their recipes. */
import { begin, beginningWith, hasBegun } from "./beginning.js";
import { createDataSets } from "./data_sets.js";
import { createHead } from "./head.js";
import { compareKeys } from "./keys.js";
import { momentOf } from "./moment.js";
import { createPairLoader } from "./pair_loader.js";
import { facts } from "./pairing.js";
import { createPhotoPanel } from "./photo_panel.js";
import { createPictures } from "./pictures.js";
import { createRecipesPanel } from "./recipes_panel.js";
import { createCompareSave } from "./save.js";
import { createCompareSlide } from "./slide.js";
import { follow, stepBack, tableWith } from "./state.js";
import { createTestPanel } from "./test_set_panel.js";
import { createWeightsPanel } from "./weights_panel.js";
import { verdict } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { recoverOwn } from "../shell/own_files.js";
import { isGallery, kept, refresh } from "../shell/tab_memory.js";
import { createPhotoPick } from "../shell/photo_pick.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./pair_loader.js").Subject} Subject */

/** Changes that leave the walls as they are. */
const LIGHT = ["channel", "place", "split"];

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: CheckpointEntry[], checkpoint: string}} config
 * @param {() => "light" | "dark"} theme
 */
export function createCompare(frame, config, theme) {
  refresh(config);
  const beginning = beginningWith(config.checkpoints);
  let isBegun = hasBegun();
  /** @type {string | null} */
  let problem = null;
  const page = createPageState({ name: "compare", table: tableWith(beginning), follow, onChange: changed });
  if (page.state.a === page.state.b && !new URLSearchParams(location.search).has("b")) page.replace({ b: beginning.a });

  // ---------------------------------------------------------------- parts
  const sets = createDataSets({
    pair: () => page.state,
    onChange: (isProgress) => (isProgress && page.state.view === "photo" ? progress() : draw()),
  });
  const loader = createPairLoader({
    onArrived: arrived,
    onStage: draw,
    onRefused: refused,
    say: (words) => setText(waiting, words),
  });
  const panel = createPhotoPanel({
    set,
    onOpenUnit: openUnit,
    onCompute: sets.start,
    onCancel: sets.cancel,
    onShown: presentPair,
  });
  const slide = createCompareSlide();
  const pictures = createPictures(frame, sets, { set, fail });
  const test = createTestPanel({
    set,
    onStart: sets.start,
    onCancel: sets.cancel,
    onOpen: (index) => void pictures.open(index),
    onFolder: (file) => void pictures.add(file),
  });
  const weights = createWeightsPanel();
  const recipes = createRecipesPanel({ set });
  const panels = { photo: panel, test, weights, recipes };
  const head = createHead(frame, {
    choose: (side, name) => set({ [side]: name }),
    refuse: fail,
    fallback: config.checkpoint,
    swap,
    show: (view) => set({ view }),
    saveItems,
    onBegun: () => void (leaveBeginning(), draw()),
  });
  const photoPick = createPhotoPick(frame, { choose: (photo) => set({ photo }), refuse: (words) => set({}, words) });
  const save = createCompareSave(frame);
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  const waiting = h("p", { class: "sentence compare-waiting", role: "status" }, gettext("Computing both"));
  const body = h(
    "div",
    { class: "compare-body" },
    errorBox,
    waiting,
    Object.values(panels).map(({ element }) => element),
  );
  frame.main.className = "page compare";
  fill(frame.main, head.element, body);
  frame.setActions(photoPick.element);
  frame.presenter.begin(draw);
  frame.setShortcuts(
    compareKeys({
      swap,
      mode: (mode) => set({ mode }),
      walkStages: panel.walkStages,
      walk: panel.walk,
      columns: () => panel.columns,
      order: panel.nextOrder,
      open: panel.openUnit,
      save: head.openSave,
      back,
    }),
  );

  // ---------------------------------------------------------------- state
  /** @param {Partial<Record<Key, string>>} given @param {string | null} [said] a problem that stays on the page */
  function set(given, said = null) {
    problem = said;
    if (!page.set(given).length) draw();
  }

  /** @param {Key[]} keys */
  function changed(keys) {
    const has = (/** @type {Key[]} */ ...some) => some.some((key) => keys.includes(key));
    if (has("photo", "a", "b")) {
      leaveBeginning();
      void load();
    } else if (has("data", "count")) void sets.look();
    else if (has("stage", "other")) void loader.open(page.state.stage, page.state.other);
    // Matched pairs are asked for before there are any: they come with the comparison.
    if (has("pairs") && page.state.pairs === "matched" && !sets.known().found) sets.start();
    const m = keys.every((key) => LIGHT.includes(key)) && errorBox.hidden && moment();
    if (m) panel.select(m);
    else draw();
  }

  function leaveBeginning() {
    isBegun = true;
    begin();
  }

  function swap() {
    const { a, b, stage, other } = page.state;
    loader.swap();
    set({ a: b, b: a, stage: other || stage, other: other ? stage : "" });
  }

  // ---------------------------------------------------------------- asking the server
  async function load() {
    const { photo, a, b } = page.state;
    body.setAttribute("aria-busy", "true");
    await loader.want({ photo, a, b });
    if (!(await loader.rest(page.state.stage))) return;
    try {
      await sets.find();
      body.setAttribute("aria-busy", "false");
      draw();
    } catch (error) {
      fail(error);
    }
  }

  function arrived() {
    const names = loader.arrived?.traces.a.header.stages.map(({ name }) => name) ?? [];
    if (!names.includes(page.state.stage)) page.replace({ stage: page.defaults.stage, channel: "", place: "" });
    draw();
    void loader.open(page.state.stage, page.state.other);
  }

  /** @param {unknown} error @param {Subject | null} shown what is on the screen: it stays, and the pickers name it again */
  async function refused(error, shown) {
    const gone = await recoverOwn(page);
    if (loader.isWaiting) return; // another is on its way by now
    if (gone) return void (fail(gone), load());
    const { photo, a, b } = page.state;
    // A link to what is no longer there still opens on something.
    const known = (/** @type {string} */ name) => kept.checkpoints.some((entry) => entry.name === name);
    const usual = {
      photo: isGallery(photo) ? photo : beginning.photo,
      a: known(a) ? a : beginning.a,
      b: known(b) ? b : beginning.b,
    };
    const isOther = photo !== usual.photo || a !== usual.a || b !== usual.b;
    page.replace(shown ?? usual);
    fail(error);
    if (!shown && isOther) void load();
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    draw();
  }

  // ---------------------------------------------------------------- drawing
  const moment = () => momentOf(page.state, loader, sets, theme());

  function progress() {
    const m = moment();
    if (m) panel.progress(m);
  }

  function draw() {
    const m = moment();
    const { state } = page;
    photoPick.update(state.photo);
    const isFirst = !isBegun && state.a === beginning.a && state.b === beginning.b;
    const said = m?.stale ? gettext("Computing both") : m ? verdict(m.arrived, sets.known().found, sets.current()) : "";
    head.update({
      a: state.a,
      b: state.b,
      view: state.view,
      checkpoints: kept.checkpoints,
      verdict: said,
      beginning: isFirst ? beginning.words : "",
      isReady: m !== null,
    });
    errorBox.hidden = problem === null;
    fill(
      errorBox,
      (problem ?? "").split("\n").map((line) => h("b", {}, line)),
      h("button", { class: "button", type: "button", onclick: () => set({}) }, gettext("Close")),
    );
    for (const [view, { element }] of Object.entries(panels)) element.hidden = !m || state.view !== view;
    waiting.hidden = m !== null;
    if (m) drawPanel(m);
    slide.showVerdict(frame.presenter, m, said);
    frame.setFacts(m ? facts(m, sets.known()) : []);
  }

  /** @param {import("./pair_panel.js").SideView} shown */
  function presentPair(shown) {
    const m = moment();
    if (m) frame.presenter.show(slide.ofPair(shown, m.names, panel.pair, panel.answers));
  }

  /** @param {import("./photo_panel.js").Moment} m */
  function drawPanel(m) {
    const { a, b, view, count, more } = m.state;
    if (view === "photo") panel.update(m);
    else if (view === "test")
      test.update({
        known: sets.known(),
        dataSets: sets.list,
        data: sets.current(),
        upload: sets.upload,
        count,
        theme: m.theme,
        names: m.names,
      });
    else if (view === "recipes") recipes.update({ a, b, more, checkpoints: kept.checkpoints, theme: m.theme });
    else if (!m.stale)
      weights.update({
        a,
        b,
        digests: { a: m.arrived.traces.a.header.checkpoint.digest, b: m.arrived.traces.b.header.checkpoint.digest },
        names: m.names,
        partners: m.choose("block1.conv").pairing?.partners ?? null,
        theme: m.theme,
      });
  }

  function saveItems() {
    const m = moment();
    if (!m) return [];
    const { photo } = m.arrived.traces.a.header;
    const { view } = m.state;
    return save.items({
      view,
      photo,
      names: m.names,
      query: { ...sets.asked(), photo: m.state.photo, pairs: m.choose(m.state.stage).pairs.value },
      shown: panel.shown(),
      isDifference: m.state.mode === "difference",
      pictures: panel.pictures,
      table: view === "photo" ? null : panels[/** @type {"test"} */ (view)].table(),
    });
  }

  // ---------------------------------------------------------------- what keys do
  /** @param {string} stage @param {number} channel of B */
  function openUnit(stage, channel) {
    const { b } = page.state;
    visit("", { checkpoint: b, stage, channel: String(channel) });
  }

  function back() {
    const changes = problem === null ? stepBack(page.state, page.defaults) : {};
    if (changes) set(changes);
  }

  /** One's own photo of before a reload may be gone by now. */
  async function open() {
    const gone = await recoverOwn(page);
    await load();
    if (gone) fail(gone);
  }

  draw();
  void open();

  return {
    update: draw,
    destroy() {
      for (const part of [page, head, photoPick, sets, recipes, panel]) part.destroy();
      loader.end();
    },
  };
}
