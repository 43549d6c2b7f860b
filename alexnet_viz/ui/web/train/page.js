/** The Train page: launch short runs, watch their curves, play how they learned. */
import { getJson } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { replaceGonePhoto } from "../shell/own_photo.js";
import { kept, photoOptions, refresh } from "../shell/tab_memory.js";
import { createPageState } from "../shell/url_state.js";
import { assign, lookOf } from "../charts/run_colours.js";
import { createForm } from "./form.js";
import { trainKeys } from "./keys.js";
import { createProblemBox } from "./problem_box.js";
import { createRunActions } from "./run_actions.js";
import { factsOf } from "./run_facts.js";
import { createRunChart } from "./run_chart.js";
import { createRunHead } from "./run_head.js";
import { createRunList } from "./run_list.js";
import { createRunsStore } from "./runs_store.js";
import { createShownEpoch } from "./shown_epoch.js";
import { createShownRuns } from "./shown_runs.js";
import { tableWith } from "./state.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("./state.js").Key} Key */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[]}} config
 * @param {() => "light" | "dark"} theme
 */
export function createTrain(frame, config, theme) {
  refresh(config);
  const page = createPageState({ name: "train", table: tableWith(config.photos[0].id), onChange: changed });
  let device = "";
  let isGone = false;

  // ------------------------------------------------------------------ parts
  const store = createRunsStore({
    onChange: answered,
    onEnd: () => form.measure(),
    onFail: (error) => fail(error, null, true),
    shown: () => runsOn.shown(),
  });
  const runsOn = createShownRuns({ runs: () => store.runs, state: () => page.state });
  const actions = createRunActions({
    store,
    photo: () => page.state.photo,
    onStart: () => say(null),
    onDeleted: (id) => void (page.state.run === id && page.set({ run: "", epoch: "" })),
    onSaid: (words) => frame.toast(words),
    onFail: fail,
  });
  const stopOrResume = () => actions.stopOrResume(runsOn.selected());
  const form = createForm(frame, { onLaunched: launched, onFail: fail });
  const list = createRunList({
    onSelect: (run) => page.set({ run, epoch: "" }),
    onShow: toggleShown,
    onHighlight: (run) => runChart.highlight(run),
    onDo: actions.perform,
    onNote: actions.note,
    onOpen: (run) => actions.open(run, null),
  });
  const shared = { runsOn, store, state: () => page.state, theme, onFail: fail };
  const runChart = createRunChart({
    ...shared,
    isPresenting: () => frame.presenter.isOn,
    onEpoch: (epoch) => shownEpoch.goNear(epoch),
    onMove: () => shownEpoch.draw(),
  });
  const { chart } = runChart;
  const shownEpoch = createShownEpoch(frame, { ...shared, chart, set: page.set, open: actions.open });
  const runHead = createRunHead({ set: page.set, onAction: stopOrResume });
  const photoPick = createPick(gettext("photo"), (photo) => void page.set({ photo }));
  const problem = createProblemBox();
  const empty = noRunsYet();
  const curves = h("div", { class: "curves" }, chart.element, ...shownEpoch.elements);
  fill(
    frame.main,
    h("aside", { class: "train-side" }, form.element, list.element, shownEpoch.layers),
    mainSide(problem.element, runHead.head, runHead.story, empty, curves),
  );
  frame.main.className = "page train";
  frame.setActions(photoPick.element);
  frame.setSkip(gettext("To the replay"), ".epochs");
  frame.presenter.begin(draw);
  frame.setShortcuts(
    trainKeys({
      play: shownEpoch.play,
      walk: shownEpoch.walk,
      set: page.set,
      state: () => page.state,
      frames: shownEpoch.frames,
      stop: stopOrResume,
    }),
  );

  // ------------------------------------------------------------------ what is shown
  /** @param {Key[]} keys */
  function changed(keys) {
    if (keys.includes("run")) {
      problem.show(null);
      void store.loadCurves();
    }
    // A step of the replay moves the marker, and nothing else.
    if (keys.every((key) => key === "epoch")) shownEpoch.draw();
    else draw();
  }

  /** @param {string} run */
  function toggleShown(run) {
    runsOn.toggle(run);
    draw();
    void store.loadCurves();
  }

  // ------------------------------------------------------------------ what is done
  function answered() {
    problem.answered();
    const { run } = page.state;
    if (!run || store.has(run)) return draw();
    page.replace({ run: "", epoch: "" });
    fail(goneWords(runsOn.selected()));
  }

  /** @param {Run} run */
  function launched(run) {
    store.add(run);
    page.set({ run: run.id, epoch: "" });
    void store.poll();
  }

  /** @param {unknown} error @param {import("./run_actions.js").Offer | null} [offer] @param {boolean} [passes] */
  function fail(error, offer = null, passes = false) {
    say({ words: error instanceof Error ? error.message : String(error), offer, passes });
  }

  /** @param {import("./problem_box.js").Problem | null} next */
  function say(next) {
    problem.show(next);
    draw();
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    photoPick.update(photoOptions(), page.state.photo);
    const run = runsOn.selected();
    const runs = store.runs ?? [];
    const shown = runsOn.shown();
    giveColours(shown, runs);
    list.update({
      runs,
      isKnown: store.runs !== null,
      selected: run?.id ?? "",
      shown: new Set(shown.map(({ id }) => id)),
      lookOf: (id) => lookOf(id, theme()),
    });
    empty.hidden = store.runs === null || run !== null;
    curves.classList.toggle("absent", run === null);
    runHead.update(run, runs, shown, page.state);
    if (store.runs) frame.setFacts(run ? factsOf(run, device, store) : []);
    runChart.draw();
    shownEpoch.draw();
  }

  void begin();

  async function begin() {
    draw();
    await replaceGonePhoto(page, page.defaults.photo, (words) => fail(words));
    if (!kept.photos.some(({ id }) => id === page.state.photo)) page.replace({ photo: page.defaults.photo });
    void store.poll();
    try {
      const options = await getJson("training");
      device = options.device;
      if (!isGone) form.setOptions(options);
    } catch (error) {
      fail(error);
    }
  }

  return {
    update: draw,
    destroy() {
      isGone = true;
      for (const each of [page, store, shownEpoch, form, chart]) each.destroy();
    },
  };
}

/** @param {Run[]} shown @param {Run[]} runs */
function giveColours(shown, runs) {
  // A shipped network gives its colour back when it leaves the chart: the first run of a person's own is the blue one.
  assign(
    shown.map(({ id }) => id),
    runs.filter((each) => each.state !== "shipped" || shown.includes(each)).map(({ id }) => id),
  );
}

/** Said where the address names a run that is not here. @param {Run | null} shown the one that is shown instead */
function goneWords(shown) {
  return shown
    ? gettext("The run of this address is not here; {run} is shown instead.", { run: shown.name })
    : gettext("The run of this address is not here.");
}

/** @param {...HTMLElement} parts */
function mainSide(...parts) {
  return h("section", { class: "train-main", "aria-label": gettext("Run") }, parts);
}

function noRunsYet() {
  return h(
    "div",
    { class: "nothing-yet", hidden: true },
    h("h2", {}, gettext("No runs yet")),
    h("p", { class: "sentence" }, gettext("The shapes data needs no download.")),
  );
}
