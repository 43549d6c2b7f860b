/** The Explore page: one state, one function that draws it; the server is asked only for new numbers. */
import { h, keepFocus } from "../lib/dom.js";
import { createStrip } from "../maps/strip.js";
import { onlyInThisTab } from "../shell/copy_address.js";
import { recoverOwn } from "../shell/own_files.js";
import { kept, refresh } from "../shell/tab_memory.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";
import { createAlter } from "./alter.js";
import { factsOf } from "./facts.js";
import { createInspectorSide } from "./inspector_side.js";
import { createOpening } from "./opening.js";
import { createProblemBox } from "./problem_box.js";
import { createRefusals } from "./refusals.js";
import { View } from "./selection.js";
import { createShortcuts } from "./shortcuts.js";
import { createShown } from "./shown.js";
import { exploreTable, FIRST_STAGE, follow } from "./state.js";
import { stripView } from "./strip_view.js";
import { createTopBar } from "./top_bar.js";
import { createWaitingNote } from "./waiting_note.js";
import { createWallSide } from "./wall_side.js";

/** @typedef {import("./state.js").Key} Key */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[], checkpoint: string, shapes: Record<string, Record<string, number[]>>, normalisations: {name: string, title: string}[]}} config
 * @param {() => "light" | "dark"} theme
 */
export function createExplore(frame, config, theme) {
  refresh(config);
  const page = createPageState({
    name: "explore",
    table: exploreTable(config.checkpoint, () => kept.checkpoints),
    follow,
    onChange,
  });
  let frames = 0;

  const shown = createShown({
    stage: () => page.state.stage,
    onTrace,
    onArrival,
    onRefused: (error, last) => void refusals.refuse(error, last),
    onStageRefused,
    onWaiting: (words) => note.wait(words, !shown.current, shown.isStale),
  });
  const alter = createAlter(frame, page.state.altered, { set, view, redraw });
  const opening = createOpening({ page, view, set });
  const actions = {
    set,
    view,
    alter,
    ...opening,
    point,
    onRefused: onStageRefused,
    photos: () => kept.photos,
    onlyHere: () => onlyInThisTab(shown.current?.trace.header),
  };
  const strip = createStrip(
    opening.openStage,
    (target) => visit("why", { target: String(target), resize: page.state.resize }),
    alter.showBefore,
  );
  const wallSide = createWallSide(frame, actions);
  const inspectorSide = createInspectorSide(frame, actions);
  const problems = createProblemBox();
  const refusals = createRefusals({ page, alter, problems, load, draw, isWaiting: () => shown.isWaiting });
  const note = createWaitingNote();
  const topBar = createTopBar(frame, config.normalisations, {
    set,
    reload: () => (shown.forget(), load()),
    fallback: config.checkpoint,
    hasMaps: () => view()?.hasPlaces ?? false,
    say: problems.show,
  });
  wallSide.views.append(note.element, problems.element);
  const shortcuts = createShortcuts(frame, actions, { page, strip, wallSide, inspectorSide, problems });
  frame.main.className = "page explore";
  frame.main.replaceChildren(strip.element, h("div", { class: "table" }, wallSide.element, inspectorSide.element));

  // ---------------------------------------------------------------- state
  /** @returns {View | null} */
  function view() {
    return shown.current && new View(page.state, shown.current, theme());
  }

  function load() {
    const { photo, checkpoint, resize, altered } = page.state;
    void shown.load({ photo, checkpoint, resize, ...(altered ? { altered } : {}) });
  }

  /** @param {Partial<Record<Key, string>>} given */
  function set(given) {
    problems.show(null);
    page.set(given);
  }

  /** @param {Key[]} changed @param {import("./state.js").State} before */
  function onChange(changed, before) {
    alter.follow(page.state, before);
    if (changed.some((key) => key === "photo" || key === "checkpoint" || key === "resize" || key === "altered")) load();
    else if (changed.includes("stage")) void shown.loadStage();
    keepFocus(wallSide.views, () => {
      if (changed.some((key) => key !== "channel" && key !== "place")) return draw();
      wallSide.drawSelection();
      inspectorSide.draw();
    });
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
    if (!now) {
      note.hide(); // who is before the first photo is said again and again, until it is refused
      return wallSide.wait(shapeBefore(config.shapes, page.state), stage);
    }
    drawStrip(now);
    wallSide.draw();
    for (const side of [wallSide, inspectorSide]) side.element.classList.toggle("stale", shown.isStale);
    note.update(shown.isStale);
  }

  /** @param {View} now */
  const drawStrip = (now) => strip.update(stripView(now, { isBefore: alter.isBefore, isStale: shown.isStale }));

  function drawFrame() {
    topBar.update(page.state, shown.current?.trace ?? null);
    const now = view();
    shortcuts.update(now?.hasPlaces ?? true, page.state.altered !== "");
    if (now) frame.setFacts(factsOf(now));
  }

  /** What is selected, pointed at or held has changed. */
  function redraw() {
    const now = view();
    if (!now) return;
    drawStrip(now);
    keepFocus(wallSide.views, () => void (wallSide.drawSelection(), inspectorSide.draw()));
  }

  frame.presenter.begin(draw);
  draw();
  void recoverOwn(page).then((gone) => (gone ? refusals.openUsual(gone) : (load(), draw())));

  return {
    update: draw,
    destroy() {
      for (const part of [page, shown, wallSide, inspectorSide, topBar]) part.destroy();
    },
  };
}

/**
 * The shape of the open stage before the network says it.
 * @param {Record<string, Record<string, number[]>>} shapes of the stages, by variant
 * @param {{checkpoint: string, stage: string}} state
 * @returns {number[]} (channels, rows, columns); empty where it has no maps, or nothing is known of the checkpoint
 */
function shapeBefore(shapes, { checkpoint, stage }) {
  const known = kept.checkpoints.find(({ name }) => name === checkpoint);
  const shape = shapes[known?.variant ?? ""]?.[stage] ?? [];
  return shape.length === 3 ? shape : [];
}
