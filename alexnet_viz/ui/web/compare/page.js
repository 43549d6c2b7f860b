/** The Compare page: two checkpoints on one photo, on a test set, their weights, their recipes. */
import { begin, beginningWith, hasBegun } from "./beginning.js";
import { createDataSets } from "./data_sets.js";
import { createHead } from "./head.js";
import { compareKeys } from "./keys.js";
import { createLoading } from "./loading.js";
import { momentOf } from "./moment.js";
import { facts } from "./pairing.js";
import { createPictures } from "./pictures.js";
import { createProblemBox } from "./problem_box.js";
import { createCompareSave } from "./save.js";
import { createCompareSlide } from "./slide.js";
import { follow, stepBack, tableWith } from "./state.js";
import { createViews } from "./views.js";
import { verdict } from "./words.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { kept, refresh } from "../shell/tab_memory.js";
import { createPhotoPick } from "../shell/photo_pick.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./state.js").Key} Key */

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
  const { loader, load, open } = createLoading(page, sets, beginning, {
    draw,
    fail,
    say: (words) => setText(waiting, words),
    onBusy: (isBusy) => body.setAttribute("aria-busy", String(isBusy)),
  });
  const slide = createCompareSlide();
  const pictures = createPictures(frame, sets, { set, fail });
  const views = createViews(sets, {
    set,
    onOpenUnit: (stage, channel) => visit("", { checkpoint: page.state.b, stage, channel: String(channel) }),
    onShown: presentPair,
    onOpenPicture: (index) => void pictures.open(index),
    onFolder: (file) => void pictures.add(file),
  });
  const panel = views.photo;
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
  const problemBox = createProblemBox(() => set({}));
  const waiting = h("p", { class: "sentence compare-waiting", role: "status" }, gettext("Computing both"));
  const body = h("div", { class: "compare-body" }, problemBox.element, waiting, views.elements);
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
  /** @param {Partial<Record<Key, string>>} given @param {string | null} [words] a problem that stays on the page */
  function set(given, words = null) {
    problem = words;
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
    const m = keys.every((key) => LIGHT.includes(key)) && problemBox.element.hidden && moment();
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
    const verdictWords = verdictOf(m, sets);
    head.update({
      a: state.a,
      b: state.b,
      view: state.view,
      checkpoints: kept.checkpoints,
      verdict: verdictWords,
      beginning: isFirst ? beginning.words : "",
      isReady: m !== null,
    });
    problemBox.update(problem);
    waiting.hidden = m !== null;
    views.update(m);
    slide.showVerdict(frame.presenter, m, verdictWords);
    frame.setFacts(m ? facts(m, sets.known()) : []);
  }

  /** @param {import("./pair_panel.js").SideView} shown */
  function presentPair(shown) {
    const m = moment();
    if (m) frame.presenter.show(slide.ofPair(shown, m.names, panel.pair, panel.answers));
  }

  function saveItems() {
    const m = moment();
    return m ? save.items(views.saved(m)) : [];
  }

  function back() {
    const changes = problem === null ? stepBack(page.state, page.defaults) : {};
    if (changes) set(changes);
  }

  draw();
  void open();

  return {
    update: draw,
    destroy() {
      for (const part of [page, head, photoPick, sets, views]) part.destroy();
      loader.end();
    },
  };
}

/** @param {import("./photo_panel.js").Moment | null} m @param {ReturnType<typeof createDataSets>} sets @returns {string} "" while nothing is there */
function verdictOf(m, sets) {
  if (!m) return "";
  return m.stale ? gettext("Computing both") : verdict(m.arrived, sets.known().found, sets.current());
}
