/** The Train page: launch short runs, watch their curves, play how they learned. */
import { getJson } from "../server/api.js";
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { replaceGonePhoto } from "../shell/own_photo.js";
import { kept, refresh } from "../shell/tab_memory.js";
import { createPageState } from "../shell/url_state.js";
import { createChart } from "../charts/loss_chart.js";
import { assign, lookOf } from "../charts/run_colours.js";
import { createDoctor } from "./layer_health.js";
import { nearest } from "./epoch_slider.js";
import { createForm } from "./form.js";
import { trainKeys } from "./keys.js";
import { createPlayback } from "./playback.js";
import { createReplayPanel } from "./replay_panel.js";
import { createRunActions } from "./run_actions.js";
import { factsOf } from "./run_facts.js";
import { createRunHead } from "./run_head.js";
import { createRuns } from "./run_list.js";
import { createRunsStore } from "./runs_store.js";
import { createShownRuns } from "./shown_runs.js";
import { runSlide } from "./slide.js";
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
  /** @type {string | null} */
  let highlighted = null;
  /** What went wrong, what can be done instead, and whether the next good answer of the server ends it. @type {{words: string, offer: import("./run_actions.js").Offer | null, passes: boolean} | null} */
  let problem = null;
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
  const form = createForm(frame, { onLaunched: launched, onFail: fail });
  const list = createRuns({
    onSelect: (run) => page.set({ run, epoch: "" }),
    onShow: toggleShown,
    onHighlight: highlight,
    onDo: actions.perform,
    onNote: actions.note,
    onOpen: (run) => actions.open(run, null),
  });
  const doctor = createDoctor();
  const chart = createChart({ onEpoch: goNear, onMove: () => drawReplay(), onHighlight: highlight, onFail: fail });
  const playback = createPlayback({
    count: () => runsOn.position().kept.length,
    at: () => runsOn.position().at,
    step,
    onChange: () => drawReplay(),
  });
  const replay = createReplayPanel(chart, {
    set: page.set,
    step,
    play: playback.toggle,
    open: openHere,
    onChange: () => drawReplay(),
    onFail: fail,
  });
  const runHead = createRunHead({ set: page.set, onAction: stopOrResume });
  const photoPick = createPick(gettext("photo"), (photo) => void page.set({ photo }));
  const errorWords = h("b", {});
  const errorOffer = h("button", { class: "button", type: "button", onclick: () => problem?.offer?.accept() });
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true }, errorWords, errorOffer);
  const empty = h(
    "div",
    { class: "nothing-yet", hidden: true },
    h("h2", {}, gettext("No runs yet")),
    h("p", { class: "sentence" }, gettext("The shapes data needs no download.")),
  );
  const curves = h("div", { class: "curves" }, chart.element, ...replay.elements);
  const side = h("aside", { class: "train-side" }, form.element, list.element, doctor.element);
  fill(
    frame.main,
    side,
    h(
      "section",
      { class: "train-main", "aria-label": gettext("Run") },
      errorBox,
      runHead.head,
      runHead.story,
      empty,
      curves,
    ),
  );
  frame.main.className = "page train";
  frame.setActions(photoPick.element);
  frame.setSkip(gettext("To the replay"), ".epochs");
  frame.presenter.begin(draw);
  frame.setShortcuts(
    trainKeys({
      play: playback.toggle,
      walk: playback.walk,
      set: page.set,
      state: () => page.state,
      frames: replay.frames,
      stop: stopOrResume,
    }),
  );

  // ------------------------------------------------------------------ what is shown
  /** @param {Key[]} keys */
  function changed(keys) {
    if (keys.includes("run")) {
      problem = null;
      void store.loadCurves();
    }
    // A step of the replay moves the marker, and nothing else.
    if (keys.every((key) => key === "epoch")) drawReplay();
    else draw();
  }

  /** @param {string} run */
  function toggleShown(run) {
    runsOn.toggle(run);
    draw();
    void store.loadCurves();
  }

  /** @param {string | null} run */
  function highlight(run) {
    const next = runsOn.isShown(run) && runsOn.shown().length > 1 ? run : null;
    if (next === highlighted) return;
    highlighted = next;
    drawChart();
  }

  // ------------------------------------------------------------------ what is done
  function answered() {
    if (problem?.passes) problem = null;
    draw();
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

  /** @param {typeof problem} next */
  function say(next) {
    problem = next;
    draw();
  }

  function stopOrResume() {
    actions.stopOrResume(runsOn.selected());
  }

  function openHere() {
    const run = runsOn.selected();
    const { kept, at } = runsOn.position();
    if (run && kept[at]) actions.open(run, kept[at].epoch);
  }

  // ------------------------------------------------------------------ replay
  /** @param {number} epoch */
  function goNear(epoch) {
    const index = nearest({ stills: runsOn.position().kept }, epoch);
    if (index >= 0) step(index);
  }

  /** @param {number} index */
  function step(index) {
    const { kept } = runsOn.position();
    const still = kept[Math.max(0, Math.min(kept.length - 1, index))];
    if (!still) return;
    // At the end the marker follows a run that goes on.
    page.set({ epoch: still === kept.at(-1) ? "" : String(still.epoch) });
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    photoPick.update(
      kept.photos.map(({ id, name }) => ({ value: id, title: name })),
      page.state.photo,
    );
    drawProblem();
    const run = runsOn.selected();
    const runs = store.runs ?? [];
    const shown = runsOn.shown();
    // A shipped network gives its colour back when it leaves the chart: the first run of a person's own is the blue one.
    assign(
      shown.map(({ id }) => id),
      runs.filter((each) => each.state !== "shipped" || shown.includes(each)).map(({ id }) => id),
    );
    list.update({
      runs,
      selected: run?.id ?? "",
      shown: new Set(shown.map(({ id }) => id)),
      lookOf: (id) => lookOf(id, theme()),
    });
    empty.hidden = store.runs === null || run !== null;
    curves.classList.toggle("absent", run === null);
    runHead.update(run, runs, shown, page.state);
    if (run) frame.setFacts(factsOf(run, device, store));
    drawChart();
    drawReplay();
  }

  function drawProblem() {
    errorBox.hidden = problem === null;
    setText(errorWords, problem?.words ?? "");
    setText(errorOffer, problem?.offer?.words ?? "");
    errorOffer.hidden = !problem?.offer;
  }

  function drawChart() {
    const { kept, at } = runsOn.position();
    const own = runsOn.selected();
    const lines = (frame.presenter.isOn && own ? [own] : runsOn.shown()).flatMap((run) => {
      const known = store.curvesOf(run.id);
      return known ? [{ run, curves: known, ...lookOf(run.id, theme()), selected: run === own }] : [];
    });
    if (lines.length)
      chart.update({
        lines,
        smoothing: Number(page.state.smoothing),
        log: page.state.axis === "log",
        epoch: kept[at]?.epoch ?? null,
        lifted: highlighted,
        theme: theme(),
      });
  }

  function drawReplay() {
    const run = runsOn.selected();
    if (isGone) return;
    if (!run)
      return frame.presenter.show(
        store.runs === null ? null : { title: [gettext("No runs yet")], shown: [], words: [] },
      );
    const { kept: epochs, at } = runsOn.position();
    const epoch = epochs[at]?.epoch ?? null;
    const photo = kept.photos.find(({ id }) => id === page.state.photo) ?? kept.photos[0];
    replay.update({ run, kept: epochs, at, state: page.state, photo, playing: playback.playing, theme: theme() });
    chart.mark(epoch);
    frame.presenter.show(runSlide(run, store.curvesOf(run.id) ?? null, epoch, chart.element));
    doctor.update(epoch ?? 0, store.curvesOf(run.id)?.doctor[String(epoch)]);
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
      for (const each of [page, store, playback, form, replay, chart]) each.destroy();
    },
  };
}
