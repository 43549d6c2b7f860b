/** The Explore page: one state, one function that draws it; the server is asked only for new numbers. */
import { traffic } from "../server/api.js";
import { h, setText } from "../lib/dom.js";
import { bytes, duration } from "../lib/format.js";
import { createStrip } from "../maps/strip.js";
import { onlyInThisTab } from "../shell/copy_address.js";
import { createPresenter } from "../shell/presenter.js";
import { recoverPhoto } from "../shell/own_photo.js";
import { isOwnCheckpoint, isOwnPhoto, kept, recoverCheckpoint, refresh } from "../shell/tab_memory.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";
import { createInspectorSide } from "./inspector_side.js";
import { exploreKeys } from "./keys.js";
import { createProblemBox } from "./problem_box.js";
import { View } from "./selection.js";
import { createShown } from "./shown.js";
import { exploreTable, FIRST_STAGE, follow } from "./state.js";
import { createTopBar } from "./top_bar.js";
import { createWallSide } from "./wall_side.js";

/** @typedef {import("./state.js").Key} Key */

const GONE = "Your checkpoint is no longer kept by the server; open its file again.";
const ELSEWHERE = "The checkpoint of this address was only in the tab that opened its file.";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[], checkpoint: string, shapes: Record<string, number[]>, normalisations: {name: string, title: string}[]}} config
 * @param {() => "light" | "dark"} theme
 */
export function createExplore(frame, config, theme) {
  refresh(config);
  const page = createPageState({ name: "explore", table: exploreTable(config.checkpoint, () => kept.checkpoints), follow, onChange });
  const presenter = createPresenter(frame.root, () => draw());
  let frames = 0;
  /** @type {boolean | null} whether the keys are those of a stage with maps */
  let keysOfMaps = null;

  const shown = createShown({ stage: () => page.state.stage, onTrace, onArrival, onRefused, onStageRefused, onWaiting: (words) => shown.isStale && setText(note, `out of date, computing. ${words}`) });
  const actions = { set, view, openStage, openChannel, openUnit, point, isPresenting: () => presenter.isOn, photos: () => kept.photos, onlyHere: () => onlyInThisTab(shown.current?.trace.header) };
  const strip = createStrip(openStage);
  const wallSide = createWallSide(frame, actions);
  const inspectorSide = createInspectorSide(frame, actions);
  const problems = createProblemBox();
  const note = h("div", { class: "stale-note", role: "status", hidden: true });
  const topBar = createTopBar(frame, config.normalisations, { set, reload, fallback: config.checkpoint, hasMaps: () => view()?.hasPlaces ?? false, say: problems.show });
  wallSide.views.append(note, problems.element);
  frame.main.className = "page explore";
  frame.main.replaceChildren(strip.element, h("div", { class: "table" }, wallSide.element, inspectorSide.element));

  // ---------------------------------------------------------------- state
  /** @returns {View | null} */
  function view() {
    return shown.current && new View(page.state, shown.current, theme());
  }

  function reload() {
    shown.forget();
    load();
  }

  function load() {
    const { photo, checkpoint, resize } = page.state;
    void shown.load({ photo, checkpoint, resize });
  }

  /** @param {Partial<Record<Key, string>>} given */
  function set(given) {
    problems.show(null);
    page.set(given);
  }

  /** @param {Key[]} changed */
  function onChange(changed) {
    if (changed.some((key) => key === "photo" || key === "checkpoint" || key === "resize")) load();
    else if (changed.includes("stage")) void shown.loadStage();
    if (changed.every((key) => key === "channel" || key === "place")) {
      wallSide.drawSelection();
      inspectorSide.draw();
    } else draw();
    if (changed.includes("stage")) strip.reveal();
  }

  /** @param {{row: number, column: number} | null} place under the pointer */
  function point(place) {
    if (frames) cancelAnimationFrame(frames);
    frames = requestAnimationFrame(() => {
      frames = 0;
      wallSide.drawPointed(place);
      inspectorSide.drawPointed(place);
    });
  }

  /** @param {string} stage */
  function openStage(stage) {
    if (stage !== "input" && !view()?.find(stage)) return;
    set({ stage, view: page.state.view === "photos" && stage !== "input" ? "photos" : "wall" });
  }

  function openChannel() {
    if (view()?.hasPlaces) set({ view: page.state.view === "channel" ? "wall" : "channel" });
  }

  /** The page of the selected unit, or of the one that is held. @param {{stage: string, channel: number} | null} [held] */
  function openUnit(held = null) {
    const now = view();
    if (!now?.stage) return;
    const { stage, channel } = held ?? { stage: now.stage.name, channel: now.channel(now.stage) };
    visit("unit", { stage, channel: String(channel), place: held ? "" : page.state.place, resize: page.state.resize });
  }

  // ---------------------------------------------------------------- what arrives
  function onTrace() {
    problems.answered();
    if (page.state.stage !== "input" && !view()?.stage) page.replace({ stage: FIRST_STAGE, channel: "", place: "" });
    draw();
    strip.reveal();
  }

  /** @param {string | null} stage */
  function onArrival(stage) {
    problems.answered();
    const isOpen = stage === null ? ["photo", "filters"].includes(view()?.panel ?? "") : stage === page.state.stage;
    if (isOpen) draw();
    else if (stage === null || !view()?.hasPlaces) inspectorSide.draw();
  }

  /** @param {unknown} error @param {import("../server/api.js").Subject | null} last what stays on the screen, and the pickers name it again */
  function onRefused(error, last) {
    const words = /** @type {Error} */ (error).message;
    const { photo, checkpoint } = page.state;
    if (last) {
      page.replace(last);
      problems.show({ words, consequence: `The last ${last.photo !== photo ? "photo" : "checkpoint"} stays on the page.`, isAnswered: false });
    } else openDefault(words, photo === page.defaults.photo && checkpoint === page.defaults.checkpoint);
    draw();
  }

  /** A link to what is no longer there still opens on something. @param {string} words @param {boolean} isDefault */
  function openDefault(words, isDefault) {
    problems.show({ words, isAnswered: isDefault });
    if (isDefault) return;
    page.replace({ photo: page.defaults.photo, checkpoint: page.defaults.checkpoint });
    load();
  }

  /** @param {unknown} error */
  function onStageRefused(error) {
    problems.show({ words: /** @type {Error} */ (error).message, isAnswered: true });
  }

  // ---------------------------------------------------------------- drawing
  function draw() {
    drawFrame();
    const now = view();
    inspectorSide.draw();
    const { stage } = page.state;
    if (!now) return wallSide.wait(config.shapes[stage]?.length === 3 ? config.shapes[stage] : config.shapes[FIRST_STAGE], stage);
    strip.update({ trace: now.trace, open: stage, theme: theme(), activation: now.houseTable(false), signed: now.houseTable(true), stale: shown.isStale });
    wallSide.draw();
    wallSide.element.classList.toggle("stale", shown.isStale);
    inspectorSide.element.classList.toggle("stale", shown.isStale);
    if (note.hidden !== !shown.isStale) setText(note, "out of date, computing");
    note.hidden = !shown.isStale;
  }

  function drawFrame() {
    topBar.update(page.state, shown.current?.trace ?? null);
    const hasMaps = view()?.hasPlaces ?? true;
    if (hasMaps !== keysOfMaps) frame.setShortcuts(exploreKeys({ ...actions, columns: () => wallSide.columns, hold: inspectorSide.hold, present: presenter.toggle, save: wallSide.openSave, back }, hasMaps));
    keysOfMaps = hasMaps;
    if (!shown.current) return;
    const { device, seconds, memory } = shown.current.trace.header;
    const strong = (/** @type {string} */ text) => h("b", {}, text);
    frame.setFacts([[strong(device)], ["forward pass ", strong(duration(seconds))], [`${bytes(traffic.bytes)} sent`], ["memory ", strong(bytes(memory))]]);
  }

  // ---------------------------------------------------------------- what keys do
  function back() {
    if (presenter.isOn) presenter.toggle();
    else if (problems.isShown) problems.show(null);
    else if (inspectorSide.isHolding) inspectorSide.hold();
    else if (page.state.view !== "wall") set({ view: "wall" });
    else if (page.state.place) set({ place: "" });
    else if (page.state.silent === "hidden") set({ silent: "shown" });
  }

  /** One's own photo and model file are there through a reload for as long as the server has them. */
  async function begin() {
    const { photo, checkpoint } = page.state;
    const isPhotoGone = isOwnPhoto(photo) && !(await recoverPhoto(photo));
    const isKnown = kept.checkpoints.some((entry) => entry.name === checkpoint);
    const isCheckpointGone = isOwnCheckpoint(checkpoint) && !(isKnown && (await recoverCheckpoint(checkpoint)));
    if (isPhotoGone) page.replace({ photo: page.defaults.photo });
    if (isCheckpointGone) page.replace({ checkpoint: page.defaults.checkpoint });
    if (isPhotoGone) problems.show({ words: "Your photo is no longer kept by the server; upload it again.", isAnswered: false });
    if (isCheckpointGone) problems.show({ words: isKnown ? GONE : ELSEWHERE, consequence: `${page.defaults.checkpoint} is shown instead.`, isAnswered: false });
    load();
    draw();
  }

  draw();
  void begin();

  return {
    update: draw,
    destroy() {
      presenter.destroy();
      page.destroy();
      shown.destroy();
      wallSide.destroy();
      topBar.destroy();
    },
  };
}
