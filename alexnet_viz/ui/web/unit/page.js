/** The Unit page: one channel, what excites it, how its numbers are made, where it responds on this photo. */
import { fill, h, setText } from "../lib/dom.js";
import { computed, stageTitle } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";
import { copyAddress, onlyInThisTab } from "../shell/copy_address.js";
import { recoverOwn } from "../shell/own_files.js";
import { createPhotoPick } from "../shell/photo_pick.js";
import { keepCheckpoint, refresh } from "../shell/tab_memory.js";
import { sendModelFile } from "../shell/upload.js";
import { createPageState } from "../shell/url_state.js";
import { createLoading } from "./loading.js";
import { createBody } from "./body.js";
import { createHead } from "./head.js";
import { unitKeys } from "./keys.js";
import { createNavigation } from "./navigation.js";
import { ALL_TERMS, FEW_TERMS, follow, tableOf } from "./state.js";

/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../server/api.js").Trace} Trace */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[], checkpoint: string}} config
 * @param {() => "light" | "dark"} theme
 */
export function createUnit(frame, config, theme) {
  refresh(config);
  let problem = "";
  const page = createPageState({ name: "unit", table: tableOf(config), follow, onChange: load });
  const loading = createLoading(page, {
    onTrace: arrived,
    onChange: draw,
    onWaiting: (words) => frame.setFacts([[words]]),
    onRefused: fail,
    load,
  });
  const { traces } = loading;

  // ---------------------------------------------------------------- parts
  const set = (/** @type {Partial<Record<Key, string>>} */ given) =>
    void (page.set(given).length || ((problem = ""), draw()));
  const navigation = createNavigation({
    state: () => page.state,
    stages: () => traces.value?.header.stages ?? [],
    stage: stageNow,
    set,
    hasProblem: () => problem !== "",
  });
  const body = createBody(frame, loading, theme, { set, state: () => page.state, onChange: draw, onRefused: fail });
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
  const head = createHead(frame, {
    set,
    ...navigation,
    copy: () => void copyAddress(frame, onlyInThisTab(traces.value?.header, page.state.data)),
  });
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  frame.main.className = "page unit-page";
  fill(frame.main, head.element, errorBox, body.element);
  frame.setActions(photoPick.element, menu.element);
  frame.setSkip(gettext("To how the number is made"), ".unit-number button");
  frame.presenter.begin(draw);
  frame.setShortcuts(
    unitKeys({
      ...navigation,
      terms: () => set({ terms: page.state.terms === FEW_TERMS ? ALL_TERMS : FEW_TERMS }),
      open: body.openLargest,
      panels: () => set({ panel: page.state.panel === "parts" ? "made" : "parts" }),
      begin: body.begin,
      cover: () => set({ cover: page.state.cover ? "" : "shown" }),
      lower: body.cycleLower,
      name: head.focusName,
      curve: body.focusCurve,
      film: body.walkFilm,
    }),
  );

  // ---------------------------------------------------------------- asking the server
  /** Another view is shown: what went wrong with the one before is no problem of this one. */
  function load() {
    problem = "";
    loading.wantTrace();
    if (traces.value && !traces.isStale) arrived();
    draw();
  }

  /** The photo's pass is there: what stands on it is asked for. */
  function arrived() {
    if (!stageNow()) page.replace(follow(page.state, { stage: page.defaults.stage })); // not by set: what was refused stays said
    if (Number(page.state.channel) >= (stageNow()?.shape[0] ?? 0)) page.replace(follow(page.state, { channel: "0" }));
    loading.want();
    body.want(page.state, traces.value);
    draw();
  }

  /** @param {unknown} error null where what was refused is being asked for again */
  function fail(error) {
    problem = error instanceof Error ? error.message : String(error ?? "");
    draw();
  }

  function stageNow() {
    return traces.value?.header.stages.find(({ name }) => name === page.state.stage);
  }

  // ---------------------------------------------------------------- drawing
  function draw() {
    const [trace, stage] = [traces.value, stageNow()];
    const isThere = trace && stage && !traces.isStale;
    photoPick.update(page.state.photo);
    menu.update(page.state.checkpoint);
    head.update({
      state: page.state,
      stages: trace?.header.stages.map(({ name }) => name) ?? [page.state.stage],
      stage,
      classes: trace?.header.checkpoint.classes ?? [],
      unit: unitOf(trace, stage),
      channels: isThere ? stage.shape[0] : null,
    });
    errorBox.hidden = !problem;
    setText(errorBox, problem);
    if (!isThere) return frame.presenter.show(null);
    body.element.hidden = false;
    drawBody(trace, stage);
  }

  /** Whose name is shown: a name belongs to no photo. @param {Trace | null} trace @param {Stage | undefined} stage */
  function unitOf(trace, stage) {
    if (!trace || !stage || traces.subject?.checkpoint !== page.state.checkpoint) return null;
    return {
      digest: trace.header.checkpoint.digest,
      checkpoint: trace.header.checkpoint.title,
      stage: stage.name,
      channel: Number(page.state.channel),
    };
  }

  /** @param {Trace} trace @param {Stage} stage */
  function drawBody(trace, stage) {
    const view = body.update(page.state, trace, stage);
    if (!view) return void (problem && frame.presenter.show(null));
    if (loading.map) frame.presenter.show(body.slideOf(head.title, view, trace));
    frame.setFacts([
      [stageTitle(page.state.stage)],
      gettextNodes("checkpoint {name}", { name: h("b", {}, trace.header.checkpoint.title) }),
      gettextNodes("value {value}", { value: h("b", {}, computed(view.made.steps[view.made.at].value)) }),
    ]);
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
      head.destroy();
      body.end();
      loading.end();
    },
  };
}
