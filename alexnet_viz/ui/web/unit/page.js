/** The Unit page: one channel, what excites it, how its numbers are made, where it responds on this photo. */
import { fill, h, setText } from "../lib/dom.js";
import { computed, stageTitle } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";
import { copyAddress, onlyInThisTab } from "../shell/copy_address.js";
import { recoverOwn } from "../shell/own_files.js";
import { createPhotoPick } from "../shell/photo_pick.js";
import { keepCheckpoint, refresh } from "../shell/tab_memory.js";
import { sendModelFile } from "../shell/upload.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";
import { createAsked } from "./asked.js";
import { unitKeys } from "./keys.js";
import { createFirstColumn } from "./first_column.js";
import { createNameFields } from "./name_fields.js";
import { nameOf } from "./nouns.js";
import { createNumberPanel } from "./number_panel.js";
import { createSideColumn } from "./side_column.js";
import { createUnitSlide } from "./slide.js";
import { ALL_TERMS, FEW_TERMS, follow, stepBack, tableOf } from "./state.js";

/** @typedef {import("./state.js").Key} Key */

/** @param {import("../server/api.js").Stage} stage @returns {import("./nouns.js").Noun} */
function nounOf(stage) {
  if (stage.name === "logits") return "class";
  return stage.shape.length < 3 ? "unit" : "channel";
}

/** @param {import("../server/api.js").Stage | undefined} stage */
const hasMap = (stage) => stage?.shape.length === 3;

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[], checkpoint: string}} config
 * @param {() => "light" | "dark"} theme
 */
export function createUnit(frame, config, theme) {
  refresh(config);
  let problem = "";
  const page = createPageState({ name: "unit", table: tableOf(config), follow, onChange: load });
  const asked = createAsked(page, {
    onTrace: arrived,
    onChange: draw,
    onWaiting: (words) => frame.setFacts([[words]]),
    onRefused: fail,
    load,
  });
  const { traces } = asked;

  // ---------------------------------------------------------------- parts
  const set = (/** @type {Partial<Record<Key, string>>} */ given) =>
    void (page.set(given).length || ((problem = ""), draw()));
  const openUnit = (/** @type {string} */ stage, /** @type {number} */ channel, /** @type {string} */ place) =>
    set({ stage, channel: String(channel), place });
  const numberActions = {
    onInput: (/** @type {string} */ input) => set({ input }),
    onTerms: (/** @type {string} */ terms) => set({ terms }),
    onUnit: openUnit,
  };
  const numberPanel = createNumberPanel(numberActions);
  const first = createFirstColumn(frame, {
    set,
    state: () => page.state,
    onUnit: openUnit,
    onChange: draw,
    onRefused: fail,
  });
  const side = createSideColumn({ set, state: () => page.state, onUnit: openUnit, onChange: draw, onRefused: fail });
  const slide = createUnitSlide(numberActions, side.map);
  const photoPick = createPhotoPick(frame, {
    choose: (photo) => set({ photo }),
    refuse: fail,
    onModel: (file) =>
      sendModelFile(file, frame, (entry) => (keepCheckpoint(entry), set({ checkpoint: entry.name })), fail),
  });
  const menu = createCheckpointMenu(frame, {
    choose: (checkpoint) => set({ checkpoint }),
    refuse: fail,
    fallback: config.checkpoint,
  });
  const classPick = createLongPick(gettext("class"), (channel) => set({ channel }));
  const stagePick = createPick(gettext("stage"), (stage) => set({ stage }));
  const [previous, next] = [
    ["‹", -1, gettext("Previous channel")],
    ["›", 1, gettext("Next channel")],
  ].map(([sign, step, label]) =>
    h("button", { class: "button", type: "button", "aria-label": label, onclick: () => walk(Number(step)) }, sign),
  );
  const title = h("h2", { tabindex: "-1" });
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  const names = createNameFields(frame);
  const linkButton = h(
    "button",
    {
      class: "button",
      type: "button",
      onclick: () => void copyAddress(frame, onlyInThisTab(traces.value?.header, page.state.data)),
    },
    gettext("Copy link"),
  );
  const holdButton = h(
    "button",
    { class: "button", type: "button", title: gettext("Its map stays beside while you browse (H)"), onclick: hold },
    gettext("Hold while browsing"),
  );
  const offButton = h(
    "button",
    {
      class: "button",
      type: "button",
      title: gettext("Explore with this channel switched off (0)"),
      onclick: switchOff,
    },
    gettext("Switch off"),
  );
  const exploreButton = h(
    "button",
    { class: "button", type: "button", title: gettext("This channel in Explore (E)"), onclick: explore },
    gettext("On the wall"),
  );
  const body = h("div", { class: "unit-body", hidden: true }, first.element, numberPanel.element, side.element); // until there is something in it
  frame.main.className = "page unit-page";
  fill(
    frame.main,
    h(
      "div",
      { class: "unit-head" },
      previous,
      title,
      next,
      classPick.element,
      stagePick.element,
      names.element,
      holdButton,
      offButton,
      exploreButton,
      linkButton,
    ),
    errorBox,
    body,
  );
  frame.setActions(photoPick.element, menu.element);
  frame.setSkip(gettext("To how the number is made"), ".unit-number button");
  frame.presenter.begin(draw);
  frame.setShortcuts(
    unitKeys({
      walk,
      walkStages,
      terms: () => set({ terms: page.state.terms === FEW_TERMS ? ALL_TERMS : FEW_TERMS }),
      open: openLargest,
      panels: () => set({ panel: page.state.panel === "parts" ? "made" : "parts" }),
      begin: first.begin,
      cover: () => set({ cover: page.state.cover ? "" : "shown" }),
      lower: side.cycle,
      hold,
      switchOff,
      name: names.focus,
      curve: side.focusCurve,
      film: first.walkFilm,
      explore,
      back,
    }),
  );

  // ---------------------------------------------------------------- asking the server
  /** Another view is shown: what went wrong with the one before is no problem of this one. */
  function load() {
    problem = "";
    asked.wantTrace();
    if (traces.value && !traces.isStale) arrived();
    draw();
  }

  /** The photo's pass is there: what stands on it is asked for. */
  function arrived() {
    if (!stageNow()) page.replace(follow(page.state, { stage: page.defaults.stage })); // not by set: what was refused stays said
    if (Number(page.state.channel) >= (stageNow()?.shape[0] ?? 0)) page.replace(follow(page.state, { channel: "0" }));
    asked.want();
    first.want(page.state);
    side.want(page.state, traces.value?.header.checkpoint.digest ?? "", traces.value?.header.stages ?? []);
    draw();
  }

  /** @param {unknown} error null where what was refused is being asked for again */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error ?? "");
    draw();
  }

  const stageNow = () => traces.value?.header.stages.find(({ name }) => name === page.state.stage);

  // ---------------------------------------------------------------- drawing
  function draw() {
    const [trace, stage] = [traces.value, stageNow()];
    drawHead(trace?.header.stages.map(({ name }) => name) ?? [page.state.stage], stage);
    const isKnown = trace && stage && traces.subject?.checkpoint === page.state.checkpoint; // a name belongs to no photo
    names.update(
      isKnown
        ? {
            digest: trace.header.checkpoint.digest,
            checkpoint: trace.header.checkpoint.title,
            stage: stage.name,
            channel: Number(page.state.channel),
          }
        : null,
    );
    if (!trace || !stage || traces.isStale) return frame.presenter.show(null);
    body.hidden = false;
    drawBody(trace, stage);
  }

  /** @param {string[]} stages @param {import("../server/api.js").Stage | undefined} stage */
  function drawHead(stages, stage) {
    const { state } = page;
    photoPick.update(state.photo);
    menu.update(state.checkpoint);
    stagePick.update(
      stages.map((name) => ({ value: name, title: stageTitle(name) })),
      state.stage,
    );
    drawClassPick();
    setText(title, `${stageTitle(state.stage)}, ${unitName(stage)}`);
    setText(holdButton, state.held ? gettext("Let go") : gettext("Hold while browsing"));
    holdButton.hidden = !hasMap(stage) && !state.held;
    offButton.hidden = state.stage === "logits"; // a class is an answer
    errorBox.hidden = !problem;
    setText(errorBox, problem);
  }

  /** A class is found by its name. */
  function drawClassPick() {
    const { stage, channel } = page.state;
    classPick.element.hidden = stage !== "logits";
    if (stage === "logits")
      classPick.update(
        (traces.value?.header.checkpoint.classes ?? []).map((name, unit) => ({ value: String(unit), title: name })),
        channel,
      );
  }

  /** @param {import("../server/api.js").Trace} trace @param {import("../server/api.js").Stage} stage */
  function drawBody(trace, stage) {
    const { state } = page;
    const channel = Number(state.channel);
    previous.disabled = channel === 0;
    next.disabled = channel >= stage.shape[0] - 1;
    first.update({ state, trace, stage, noun: nounOf(stage) });
    const view = numberView();
    const shown = view?.made.steps[view.made.at];
    const place = shown && shown.row !== null ? { row: shown.row, column: shown.column } : null;
    side.update({
      state,
      trace,
      stage,
      values: asked.map,
      place,
      filters: asked.filters,
      isSettled: Boolean(shown),
      found: first.found,
      theme: theme(),
      noun: nounOf(stage),
    });
    numberPanel.element.classList.toggle("stale", !view);
    if (!view) return void (problem && frame.presenter.show(null));
    drawNumber(view);
    if (asked.map) frame.presenter.show(slide.of(title.textContent ?? "", view, trace));
    frame.setFacts([
      [stageTitle(state.stage)],
      gettextNodes("checkpoint {name}", { name: h("b", {}, trace.header.checkpoint.title) }),
      gettextNodes("value {value}", { value: h("b", {}, computed(shown.value)) }),
    ]);
  }

  const drawNumber = whenChanged(
    (/** @type {import("./number_panel.js").View} */ view) => [
      view.made,
      view.terms,
      view.input,
      view.theme,
      view.filters,
    ],
    numberPanel.update,
  );

  /** @param {import("../server/api.js").Stage | undefined} stage */
  function unitName(stage) {
    const name =
      page.state.stage === "logits" ? traces.value?.header.checkpoint.classes[Number(page.state.channel)] : null;
    return name ?? nameOf(stage ? nounOf(stage) : "channel", page.state.channel);
  }

  function numberView() {
    const made = asked.number;
    if (!made || !traces.value) return null;
    return {
      made,
      terms: page.state.terms,
      input: page.state.input,
      theme: theme(),
      filters: asked.filters,
      classes: traces.value.header.checkpoint.classes,
      stages: traces.value.header.stages,
    };
  }

  // ---------------------------------------------------------------- what keys and buttons do
  /** @param {number} step */
  function walk(step) {
    const channel = Number(page.state.channel) + step;
    if (channel >= 0 && channel < (stageNow()?.shape[0] ?? 0)) set({ channel: String(channel) });
  }

  /** @param {number} step */
  function walkStages(step) {
    const names = traces.value?.header.stages.map(({ name }) => name) ?? [];
    const name = names[names.indexOf(page.state.stage) + step];
    if (name) set({ stage: name });
  }

  function openLargest() {
    const view = numberView();
    if (view) numberPanel.openLargest(view);
  }

  function explore() {
    const { resize, stage, channel, place } = page.state;
    visit("", { resize, stage, channel, place });
  }

  /** The map on the screen stays beside the next ones, or no longer. */
  function hold() {
    const { held, stage, channel } = page.state;
    if (held) set({ held: "" });
    else if (hasMap(stageNow())) set({ held: `${stage}:${channel}` });
  }

  function switchOff() {
    const { resize, stage, channel, place } = page.state;
    if (stage !== "logits") visit("", { resize, stage, channel, place, altered: `${stage}:${channel}=0` });
  }

  function back() {
    const changes = problem ? {} : stepBack(page.state);
    if (changes) set(changes);
    else explore();
  }

  async function begin() {
    draw();
    const gone = await recoverOwn(page);
    load();
    if (gone) fail(gone);
  }
  void begin();

  return {
    update: draw,
    destroy() {
      page.destroy();
      menu.destroy();
      photoPick.destroy();
      names.destroy();
      first.end();
      side.end();
      asked.end();
    },
  };
}
