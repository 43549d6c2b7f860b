/** The Architecture page: the network to scale, nested receptive fields, the table with its arithmetic. */
import { createLoading } from "./loading.js";
import { createCommands } from "./commands.js";
import { createDrawing } from "./drawing.js";
import { factsOf, sumOf } from "./facts.js";
import { architectureKeys } from "./keys.js";
import { shownSort, sortRows } from "./layer_columns.js";
import { createLesson } from "./lesson.js";
import { createProblemBox } from "./problem_box.js";
import { windowOf } from "./rows.js";
import { createSandbox } from "./sandbox.js";
import { saveTable } from "./save.js";
import { createScaleSection } from "./scale_section.js";
import { presentRow } from "./slide.js";
import { followWith, tableOf } from "./state.js";
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { replaceGonePhoto } from "../shell/own_photo.js";
import { kept, photoOptions, refresh } from "../shell/tab_memory.js";
import { createPageState } from "../shell/url_state.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./drawing.js").Variant} Variant */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: (import("../server/api.js").CheckpointEntry & {variant: string})[], checkpoint: string, variants: Variant[], shapes: Record<string, Record<string, number[]>>}} config
 * @param {() => "light" | "dark"} theme
 */
export function createArchitecture(frame, config, theme) {
  refresh(config);
  const variants = config.variants;
  const page = createPageState({
    name: "architecture",
    table: tableOf(config),
    follow: followWith(config.checkpoints),
    onChange,
  });
  const loading = createLoading(page, config, { onChange: draw, onWaiting: (words) => frame.setFacts([[words]]) });
  const { network, checkpoint } = loading;
  /** @type {string | null} */
  let pointed = null;
  let isGone = false;

  // ------------------------------------------------------------------ parts
  const actions = {
    onPoint: (/** @type {string | null} */ stage) => point(stage),
    onSelect: (/** @type {string} */ stage) => set({ stage: page.state.stage === stage ? "" : stage }),
    onSort: (/** @type {string} */ sort) => set({ sort }),
  };
  const lesson = createLesson({
    shown: () => network.table && { table: network.table, rows: sorted() },
    find: (selector) => frame.main.querySelector(selector),
    onChange: draw,
    onHide: (isHidden) => set({ numbers: isHidden ? "hidden" : "shown" }),
  });
  const { covers } = lesson;
  const drawing = createDrawing(config, covers, actions);
  const sandbox = createSandbox(() => windowOf(network.rows, page.state.stage));
  const photoPick = createPick(gettext("photo"), (photo) => set({ photo }));
  const scale = createScaleSection(
    variants,
    {
      onVariant: (variant) => set({ variant }),
      onClasses: (classes) => set({ classes }),
      onSave: save,
    },
    { drawing: drawing.scale, sandbox: sandbox.element, lesson: lesson.button },
  );
  const problemBox = createProblemBox();
  fill(frame.main, scale.element, below(drawing, problemBox.element), lesson.announcement);
  frame.main.className = "page architecture";
  frame.setActions(photoPick.element);
  frame.setSkip(gettext("To the table"), ".layers .stage[tabindex='0']");
  covers.set(page.state.numbers === "hidden");

  // ------------------------------------------------------------------ what is shown
  /** @param {Partial<Record<Key, string>>} given */
  function set(given) {
    loading.tell(null);
    if (!page.set(given).length) draw();
  }

  /** @param {Key[]} changed */
  function onChange(changed) {
    loading.tell(null);
    if (changed.includes("numbers")) covers.set(page.state.numbers === "hidden");
    // The answers of one network are not those of the next.
    if (changed.includes("variant") || changed.includes("classes")) covers.close();
    if (changed.some((key) => ["variant", "classes", "photo", "checkpoint"].includes(key))) loading.load();
    draw();
  }

  function sorted() {
    return sortRows(network.rows, shownSort(page.state.sort, network.rows, covers.isOpen));
  }

  /** @param {string | null} stage */
  function point(stage) {
    if (stage === pointed) return;
    pointed = stage;
    requestAnimationFrame(draw);
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    const { state } = page;
    photoPick.update(photoOptions(), state.photo);
    scale.update(state, loading.isStale());
    lesson.update();
    problemBox.update(loading.problem, loading.hasFallenBack);
    drawKeys(covers.hidden);
    if (!network.table) return frame.presenter.show(null);
    const shown = pointed ?? state.stage;
    const photo = kept.photos.find(({ id }) => id === state.photo)?.title ?? gettext("photo");
    drawing.update({
      table: network.table,
      network,
      theme: theme(),
      pointed: shown,
      selected: state.stage,
      sort: state.sort,
      checkpoint: checkpoint()?.title ?? null,
      photo,
      stale: loading.isStale(),
    });
    drawFacts(shown);
  }

  /** The sum of the stage that is pointed at, of the first one else. @param {string} stage */
  function drawFacts(stage) {
    const sum = sumOf(network.rows, stage, covers.isOpen);
    frame.setFacts(factsOf(sum));
    presentRow(
      frame.presenter,
      drawing.table,
      gettext(variants.find(({ name }) => name === page.state.variant)?.title ?? ""),
      sum,
    );
  }

  // ------------------------------------------------------------------ what keys and buttons do
  function save() {
    saveTable(frame, page.state);
  }

  const commands = createCommands(
    page,
    { network, drawing, lesson, variants },
    { sorted, checkpoint, hasProblem: () => loading.problem !== null, unpoint: () => void (pointed = null), set },
  );
  const drawKeys = whenChanged(
    (/** @type {boolean} */ hidden) => [hidden],
    (hidden) =>
      frame.setShortcuts(
        architectureKeys({
          hidden,
          ...commands,
          sandbox: () => sandbox.button.click(),
          save,
        }),
      ),
  );

  async function begin() {
    draw();
    await replaceGonePhoto(page, page.defaults.photo, loading.tell);
    if (isGone) return;
    draw();
    loading.load();
  }
  frame.presenter.begin(draw);
  void begin();

  return {
    update: draw,
    destroy() {
      isGone = true;
      network.end();
      page.destroy();
    },
  };
}

/** Under the network to scale: the receptive fields, and the table with its words. @param {ReturnType<typeof createDrawing>} drawing @param {HTMLElement} problem */
function below({ fields, words }, problem) {
  const layers = h("section", { class: "layers-side", "aria-label": gettext("Layers") }, problem, words);
  return h("div", { class: "scale-below" }, fields, layers);
}
