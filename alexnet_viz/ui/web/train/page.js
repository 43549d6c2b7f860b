/** The Train page: launch short runs, watch their curves, play how they learned. */
import { getJson, postJson } from "../server/api.js";
import { makeBounds, makeTable, rampAnchors } from "../lib/colour.js";
import { fill, h, setText } from "../lib/dom.js";
import { forgetKeptPhoto, keptPhoto } from "../explore/state.js";
import { count, duration, groupTitle } from "../lib/format.js";
import { createPick } from "../shell/page_frame.js";
import { createChart } from "../charts/loss_chart.js";
import { assign, lookOf } from "../charts/run_colours.js";
import { getCurves, isAlive, small, stateOf, storyOf, subtitle } from "../charts/run_curves.js";
import { createDoctor } from "./layer_health.js";
import { createFilm, nearest } from "./epoch_slider.js";
import { createForm } from "./form.js";
import { createFrames } from "./replay.js";
import { trainKeys } from "./keys.js";
import { createMoment } from "./epoch_panel.js";
import { createRuns } from "./run_list.js";
import { defaultsWith, readState, writeState } from "./state.js";
import { createDifferences } from "./recipe_differences.js";
import { tokens } from "../shell/theme.js";
import { visit } from "../shell/url.js";

/** @typedef {import("../charts/run_curves.js").Run} Run */
/** @typedef {import("../charts/run_curves.js").Curves} Curves */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/api.js").Photo} Photo */

const POLL = 800; // ms, while something trains
const PLAY = 450; // ms an epoch stays
const MOST_SHOWN = 6;

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[]}} config
 * @param {() => "light" | "dark"} theme
 */
export function createTrain(frame, config, theme) {
  let photos = config.photos;
  const defaults = defaultsWith(photos[0].id);
  let state = readState(defaults);
  /** @type {Run[] | null} null until the first answer */
  let runs = null;
  let clock = 0; // the server's, minus this machine's, in seconds
  /** @type {[number, number] | null} when a photo was computed last, and how long that took, seconds */
  let explored = null;
  let device = "";
  /** @type {Map<string, Curves>} */
  const curves = new Map();
  /** Runs that a person took off the chart or put on it. @type {Map<string, boolean>} */
  const chosen = new Map();
  /** @type {string | null} */
  let lifted = null;
  let target = -1;
  /** @type {string | null} */
  let problem = null;
  let pollTimer = 0;
  let playTimer = 0;
  let isPolling = false;
  let isGone = false;

  // ------------------------------------------------------------------ parts
  const form = createForm({ onLaunched: launched, onFail: fail });
  const list = createRuns({
    onSelect: (run) => set({ run, epoch: "" }),
    onShow: toggleShown,
    onHighlight: highlight,
    onDo: (run, action) => void perform(run, action),
    onNote: (run, note) => void saveNote(run, note),
    onOpen: (run) => openInExplore(run, null),
  });
  const doctor = createDoctor();
  const chart = createChart({ onEpoch: goNear, onMove: () => drawReplay(), onHighlight: highlight, onFail: fail });
  const film = createFilm({ onStep: (index) => step(index) });
  const moment = createMoment({
    onPlay: () => togglePlay(),
    onStage: (stage) => set({ stage, channel: "" }),
    onChannel: (channel) => set({ channel: String(channel) }),
    onFilter: (filter) => set({ filter }),
    onTarget: (index) => ((target = index), drawReplay()),
    onOpen: () => openHere(),
  });
  const frames = createFrames({ onFrames: () => drawReplay(), onFail: fail });
  const differences = createDifferences();
  const photoPick = createPick("photo", (photo) => set({ photo }));
  const axisPick = createPick("loss axis", (axis) => set({ axis }));
  const smoothing = h("input", { class: "pick-number", type: "number", min: "0", max: "0.99", step: "0.05", "aria-label": "smoothing", onchange: () => set({ smoothing: String(Math.min(0.99, Math.max(0, Number(smoothing.value) || 0))) }) });
  const action = h("button", { class: "button", type: "button", onclick: () => stopOrResume() });
  const title = h("h2", {});
  const badge = h("span", { class: "run-badge" });
  const story = h("p", { class: "sentence", role: "status", "aria-live": "polite" });
  const errorWords = h("b", {});
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true }, errorWords);
  const empty = h("div", { class: "nothing-yet", hidden: true }, h("h2", {}, "No runs yet"), h("p", { class: "sentence" }, "The shapes data needs no download; a first run takes about three minutes."));
  const replay = h("div", { class: "curves" }, chart.element, film.element, moment.element);
  const head = h("div", { class: "train-head" }, h("div", { class: "train-title" }, title, badge), h("div", { class: "train-tools" }, differences.element, h("label", { class: "pick plain" }, h("span", { class: "pick-label" }, "smoothing"), smoothing), axisPick.element, action));
  const side = h("aside", { class: "train-side" }, form.element, list.element, doctor.element);
  fill(frame.main, side, h("section", { class: "train-main", "aria-label": "Run" }, errorBox, head, story, empty, replay));
  frame.main.className = "page train";
  frame.setActions(photoPick.element);
  frame.setSkip("To the replay", ".epochs");
  frame.setQuery(kept);
  frame.setShortcuts(trainKeys({ play: togglePlay, walk, set: (changes) => set(changes), state: () => state, frames, stop: stopOrResume }));

  // ------------------------------------------------------------------ what is shown
  /** What a link to another page keeps. @returns {Record<string, string>} */
  function kept() {
    return isNameable() && state.photo !== defaults.photo ? { photo: state.photo } : {};
  }

  function isNameable() {
    return photos.some(({ id, gallery }) => id === state.photo && gallery);
  }

  function selected() {
    return runs?.find(({ id }) => id === state.run) ?? runs?.find(isAlive) ?? runs?.[0] ?? null;
  }

  /** The selected run, and the newest others on the same data unless a person decided otherwise. @returns {Run[]} */
  function shownRuns() {
    const own = selected();
    if (!own || !runs) return [];
    const others = runs.filter((run) => run !== own && (chosen.get(run.id) ?? (run.dataset === own.dataset && run.step > 0 && !["failed", "shipped"].includes(run.state))));
    return [own, ...others.slice(0, MOST_SHOWN - 1)];
  }

  /** @param {Run | null} run @returns {{name: string, epoch: number}[]} */
  function keptOf(run) {
    return (run?.checkpoints ?? []).flatMap(({ name, epoch }) => (epoch === null ? [] : [{ name, epoch }]));
  }

  /** Where the marker is: the chosen epoch, or the last one. */
  function position() {
    const kept = keptOf(selected());
    if (!kept.length) return { kept, at: -1 };
    const stills = kept.map((each) => ({ ...each, frame: null }));
    return { kept, at: state.epoch === "" ? kept.length - 1 : nearest({ stills }, Number(state.epoch)) };
  }

  /** @param {Partial<State>} changes */
  function set(changes) {
    const before = state;
    state = { ...state, ...changes };
    if (changes.run !== undefined) [problem, target] = [null, -1];
    writeState(state, before, defaults, isNameable());
    draw();
    if (changes.run !== undefined) void loadCurves();
  }

  function onPop() {
    state = readState(defaults);
    draw();
    void loadCurves();
  }

  /** @param {string} run */
  function toggleShown(run) {
    chosen.set(run, !shownRuns().some(({ id }) => id === run));
    draw();
    void loadCurves();
  }

  /** @param {string | null} run */
  function highlight(run) {
    const next = run !== null && shownRuns().length > 1 && shownRuns().some(({ id }) => id === run) ? run : null;
    if (next === lifted) return;
    lifted = next;
    drawChart();
  }

  // ------------------------------------------------------------------ asking the server
  async function poll() {
    clearTimeout(pollTimer);
    if (isPolling || isGone) return;
    isPolling = true;
    try {
      const answer = await getJson("runs");
      if (isGone) return;
      if (runs?.some(isAlive) && !answer.runs.some(isAlive)) form.measure();
      runs = answer.runs;
      clock = answer.now - Date.now() / 1000;
      explored = answer.explored;
      await loadCurves();
      draw();
    } catch (error) {
      fail(error);
    }
    isPolling = false;
    if (!isGone && !document.hidden && (runs === null || runs.some(isAlive))) pollTimer = window.setTimeout(() => void poll(), POLL);
  }

  async function loadCurves() {
    const wanted = shownRuns().filter((run) => curves.get(run.id)?.points !== run.points);
    await Promise.all(wanted.map(async (run) => curves.set(run.id, await getCurves(run.id)))).catch(fail);
    if (wanted.length && !isGone) draw();
  }

  function onVisible() {
    if (!document.hidden) void poll();
  }

  /** @param {Run} run */
  function launched(run) {
    problem = null;
    runs = [run, ...(runs ?? [])];
    set({ run: run.id, epoch: "" });
    void poll();
  }

  /** @param {string} id @param {string} action */
  async function perform(id, action) {
    problem = null;
    const before = runs?.find((run) => run.id === id);
    if (action === "stop" && before) before.state = "stopping";
    draw();
    try {
      await postJson(`runs/${id}/${action}`);
      if (action === "delete" && state.run === id) set({ run: "", epoch: "" });
    } catch (error) {
      fail(error);
    }
    isPolling = false;
    await poll();
  }

  /** @param {string} id @param {string} text */
  async function saveNote(id, text) {
    await postJson(`runs/${id}/note`, { note: text }).catch(fail);
    frame.toast("The note is saved");
    await poll();
  }

  /** @param {unknown} error */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error);
    draw();
  }

  function stopOrResume() {
    const run = selected();
    if (!run) return;
    if (run.state === "running" || run.state === "queued") void perform(run.id, "stop");
    else if (["stopped", "failed", "crashed"].includes(run.state)) void perform(run.id, "resume");
  }

  /** @param {Run} run @param {string | null} which the last one where null */
  function openInExplore(run, which) {
    const kept = which === null ? run.checkpoints.at(-1) : run.checkpoints.find(({ epoch }) => String(epoch) === which);
    visit("", { photo: state.photo, checkpoint: run.state === "shipped" ? (kept?.name ?? run.id) : `${run.id}:${which ?? "last"}` });
  }

  function openHere() {
    const run = selected();
    const { kept, at } = position();
    if (run && kept[at]) openInExplore(run, String(kept[at].epoch));
  }

  // ------------------------------------------------------------------ replay
  /** @param {number} epoch */
  function goNear(epoch) {
    const stills = keptOf(selected()).map((each) => ({ ...each, frame: null }));
    const index = nearest({ stills }, epoch);
    if (index >= 0) step(index);
  }

  /** @param {number} index */
  function step(index) {
    const { kept } = position();
    const still = kept[Math.max(0, Math.min(kept.length - 1, index))];
    if (!still) return;
    const before = state;
    // At the end the marker follows a run that goes on.
    state = { ...state, epoch: still === kept.at(-1) ? "" : String(still.epoch) };
    writeState(state, before, defaults, isNameable());
    drawReplay();
  }

  /** @param {number} by */
  function walk(by) {
    stopPlaying();
    step(position().at + by);
  }

  function togglePlay() {
    if (playTimer) return stopPlaying();
    const { kept, at } = position();
    if (kept.length < 2) return;
    if (at === kept.length - 1) step(0);
    else if (isStill()) step(at + 1);
    if (isStill()) return;
    playTimer = window.setInterval(() => {
      step(position().at + 1);
      if (position().at === position().kept.length - 1) stopPlaying();
    }, PLAY);
    drawReplay();
  }

  /** @returns {boolean} whether a person wants nothing to move: each press of Play is one epoch then */
  function isStill() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  function stopPlaying() {
    clearInterval(playTimer);
    playTimer = 0;
    drawReplay();
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    photoPick.update(photos.map(({ id, name }) => ({ value: id, title: name })), state.photo);
    axisPick.update(["linear", "log"].map((value) => ({ value, title: value })), state.axis);
    smoothing.value = Number(state.smoothing).toFixed(2);
    errorBox.hidden = problem === null;
    setText(errorWords, problem ?? "");
    const run = selected();
    const shown = shownRuns();
    // A shipped network gives its colour back when it leaves the chart: the first run of a person's own is the blue one.
    assign(shown.map(({ id }) => id), (runs ?? []).filter((each) => each.state !== "shipped" || shown.includes(each)).map(({ id }) => id));
    list.update({ runs: runs ?? [], selected: run?.id ?? "", shown: new Set(shown.map(({ id }) => id)), lookOf: (id) => lookOf(id, theme()) });
    differences.update(shown);
    empty.hidden = runs === null || run !== null;
    for (const each of [head, story, replay]) each.classList.toggle("absent", run === null);
    if (run) drawHead(run);
    drawChart();
    drawReplay();
  }

  /** @param {Run} run */
  function drawHead(run) {
    fill(title, run.name, " ", h("span", { class: "light" }, subtitle(run)));
    const { sign, word, tone } = stateOf(run);
    fill(badge, h("span", { class: sign === "●" ? "run-dot" : "", "aria-hidden": "true" }, sign === "●" ? "" : sign), word);
    badge.className = `run-badge ${tone}`;
    setText(story, storyOf(run, runs ?? []));
    story.title = `${story.textContent}${run.first?.val_images ? `\nBefore the first step, ${count(run.first.val_images)} of the held-out pictures were looked at.` : ""}`;
    const canStop = run.state === "running" || run.state === "queued";
    const canResume = ["stopped", "failed", "crashed"].includes(run.state);
    setText(action, canStop ? "Stop" : canResume ? "Resume" : run.state === "stopping" ? "Stopping" : "Finished");
    action.disabled = !canStop && !canResume;
    action.hidden = ["finished", "shipped"].includes(run.state);
    drawFacts(run);
  }

  /** @param {Run} run */
  function drawFacts(run) {
    const rate = runs?.find((each) => each.state === "running")?.images_per_s;
    const age = run.last_time === null ? null : Math.max(0, Date.now() / 1000 + clock - run.last_time);
    const own = curves.get(run.id);
    frame.setFacts([
      [h("b", {}, device)],
      ...(rate ? [["training ", h("b", {}, `${Math.round(rate)} images/s`)]] : []),
      ...(own?.lr.length && run.state === "running" ? [["learning rate ", h("b", {}, small(own.lr[own.lr.length - 1]))]] : []),
      ...exploredFact(run, explored),
      ...(age !== null && isAlive(run) ? [["last point ", h("b", {}, age < 3600 ? duration(age) : "long"), " ago"]] : []),
    ]);
  }

  function drawChart() {
    const { kept, at } = position();
    const own = selected();
    const lines = shownRuns().flatMap((run) => {
      const known = curves.get(run.id);
      return known ? [{ run, curves: known, ...lookOf(run.id, theme()), selected: run === own }] : [];
    });
    if (lines.length) chart.update({ lines, smoothing: Number(state.smoothing), log: state.axis === "log", epoch: kept[at]?.epoch ?? null, lifted, theme: theme() });
  }

  function drawReplay() {
    const run = selected();
    if (isGone || !run) return;
    const { kept, at } = position();
    const epoch = kept[at]?.epoch ?? null;
    frames.update(kept.length ? { run: run.id, photo: state.photo, stage: state.stage, channel: state.channel } : null, kept.map(({ name }) => name), epoch ?? 0);
    const stills = kept.map(({ name, epoch: own }) => ({ name, epoch: own, frame: frames.get(name) }));
    drawStills(stills, at);
    chart.mark(epoch);
    doctor.update(epoch ?? 0, curves.get(run.id)?.doctor[String(epoch)]);
  }

  /** @param {import("./epoch_slider.js").Still[]} stills @param {number} at */
  function drawStills(stills, at) {
    const { about } = frames;
    // One range over all epochs, so that a channel that goes quiet is seen to go quiet.
    const bounds = makeBounds(false, 0, largest(frames.all().map(({ map }) => map)), 0);
    const table = makeTable(rampAnchors(tokens, "house", theme(), false), 1, false);
    const { epoch, frame } = stills[at] ?? { epoch: null, frame: null };
    const shared = { bounds, table, target: target < 0 ? likeliest([...stills.map((still) => still.frame), frame]) : target };
    const channel = about ? about.channel : -1;
    film.update({ ...shared, stills, at, toPixels: chart.toPixels, toEpoch: chart.toEpoch, span: chart.span, side: sideOf(about), titles: captions(channel, shared.target) });
    const photo = photos.find(({ id }) => id === state.photo) ?? photos[0];
    moment.update({ ...shared, photo, epoch, frame, about, stage: state.stage, channel, filter: filterOf(about), filterLimits: frames.filterLimits(), playing: playTimer !== 0, canPlay: stills.length > 1 });
  }

  /** @param {import("./replay.js").About | null} about @returns {number | "all"} −1 before it is known */
  function filterOf(about) {
    if (state.filter === "all") return "all";
    return state.filter !== "" && about && Number(state.filter) < about.filters ? Number(state.filter) : (about?.filter ?? -1);
  }

  /** @param {import("./replay.js").About | null} about @returns {number[]} channels, rows and columns of the chosen stage */
  function sideOf(about) {
    return about?.stages[state.stage] ?? [0, 1, 1];
  }

  /** What stands beside the film and its bars. @param {number} channel @param {number} index of a class @returns {[string, string, string]} */
  function captions(channel, index) {
    const group = groupTitle(state.stage.split(".")[0]).toLowerCase();
    return [group, channel < 0 ? "" : `channel ${channel}`, frames.about?.classes[index] ?? ""];
  }

  const onResize = () => draw();
  window.addEventListener("resize", onResize);
  window.addEventListener("popstate", onPop);
  document.addEventListener("visibilitychange", onVisible);
  void begin();

  async function begin() {
    draw();
    const own = keptPhoto();
    if (own) {
      try {
        const photo = await getJson(`photos/${own}/about`);
        photos = [...photos, photo];
        state.photo = defaults.photo = own;
      } catch {
        forgetKeptPhoto();
      }
    }
    void poll();
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
      clearTimeout(pollTimer);
      clearInterval(playTimer);
      form.destroy();
      frames.destroy();
      chart.destroy();
      window.removeEventListener("resize", onResize);
      window.removeEventListener("popstate", onPop);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}

/** @param {Float32Array[]} arrays @returns {number} the largest magnitude in them */
function largest(arrays) {
  return arrays.reduce((most, values) => values.reduce((own, value) => Math.max(own, Math.abs(value)), most), 0);
}

/** @param {(import("./replay.js").Frame | null)[]} all @returns {number} class with the largest probability in the last frame that is there */
function likeliest(all) {
  const frame = [...all].reverse().find((each) => each !== null);
  if (!frame) return 0;
  return frame.probabilities.reduce((best, value, i) => (value > frame.probabilities[best] ? i : best), 0);
}

/** How quickly photos are answered beside a training. @param {Run} run @param {[number, number] | null} explored */
function exploredFact(run, explored) {
  if (!explored || run.state !== "running" || explored[0] < run.created) return [];
  return [["Explore answers in ", h("b", {}, duration(explored[1])), " meanwhile"]];
}
