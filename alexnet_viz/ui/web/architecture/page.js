/** The Architecture page: the network to scale, nested receptive fields, the table with its arithmetic. */
import { address } from "../server/api.js";
import { sum, windowOf } from "./rows.js";
import { createDrawing } from "./drawing.js";
import { architectureKeys } from "./keys.js";
import { createLesson } from "./lesson.js";
import { createNetwork } from "./network.js";
import { createSandbox } from "./sandbox.js";
import { CLASSES, fittingCheckpoint, followWith, tableOf } from "./state.js";
import { numbersOf, shownSort, sortRows } from "./layer_columns.js";
import { presentRow } from "./slide.js";
import { fill, h } from "../lib/dom.js";
import { createDownloads } from "../lib/downloads.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { whenChanged } from "../lib/when_changed.js";
import { replaceGonePhoto } from "../shell/own_photo.js";
import { kept, refresh } from "../shell/tab_memory.js";
import { visit } from "../shell/url.js";
import { createPageState } from "../shell/url_state.js";

/** @typedef {import("../server/api.js").Photo} Photo */
/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./state.js").Key} Key */
/** @typedef {import("./drawing.js").Variant} Variant */

/** Short names for the segments; the full title and what is particular stand in the tooltip and under the table. */
const SHORT = /** @type {Record<string, string>} */ ({
  seed: gettext("default"),
  paper: gettext("paper of 2012"),
  "paper-groups": gettext("paper, 2 groups"),
  torchvision: "torchvision",
});

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: Photo[], checkpoints: (import("../server/api.js").CheckpointEntry & {variant: string})[], checkpoint: string, variants: Variant[], shapes: Record<string, number[]>}} config
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
  const network = createNetwork({ onChange: draw, onWaiting: (words) => frame.setFacts([[words]]), onRefused: fail });
  /** @type {string | null} */
  let pointed = null;
  /** @type {string | null} */
  let problem = null;
  let [hasFallenBack, isGone] = [false, false];

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
  const variantSwitch = createSegments(
    gettext("Variant"),
    variants.map(({ name, title, summary }) => ({
      value: name,
      text: SHORT[name] ?? name,
      title: `${gettext(title)}: ${gettext(summary)}`,
    })),
    (variant) => set({ variant }),
  );
  const classSwitch = createSegments(
    gettext("Classes"),
    CLASSES.map((value, i) => ({ value, text: i ? value : namedClasses(value), name: namedClasses(value) })),
    (classes) => set({ classes }),
  );
  const saveButton = h(
    "button",
    {
      class: "button",
      type: "button",
      title: gettext("This table as CSV"),
      onclick: () => saveTable(frame, page.state),
    },
    gettext("Save table"),
  );
  const errorBox = h("div", { class: "error-box", role: "alert", hidden: true });
  const staleNote = h("div", { class: "stale-note", hidden: true }, gettext("out of date, computing"));
  const top = h(
    "section",
    { class: "scale", "aria-label": gettext("AlexNet to scale") },
    h(
      "div",
      { class: "scale-head" },
      h("h2", {}, gettext("AlexNet to scale")),
      variantSwitch.element,
      classSwitch.element,
      h("span", { class: "grow" }),
      sandbox.element,
      lesson.button,
      saveButton,
    ),
    drawing.scale,
    staleNote,
  );
  fill(
    frame.main,
    top,
    h(
      "div",
      { class: "scale-below" },
      drawing.fields,
      h("section", { class: "layers-side", "aria-label": gettext("Layers") }, errorBox, drawing.words),
    ),
    lesson.announcement,
  );
  frame.main.className = "page architecture";
  frame.setActions(photoPick.element);
  frame.setSkip(gettext("To the table"), ".layers .stage[tabindex='0']");
  covers.set(page.state.numbers === "hidden");

  // ------------------------------------------------------------------ what is shown
  /** @param {Partial<Record<Key, string>>} given */
  function set(given) {
    problem = null;
    if (!page.set(given).length) draw();
  }

  /** @param {Key[]} changed */
  function onChange(changed) {
    problem = null;
    if (changed.includes("numbers")) covers.set(page.state.numbers === "hidden");
    // The answers of one network are not those of the next.
    if (changed.includes("variant") || changed.includes("classes")) covers.close();
    if (changed.some((key) => ["variant", "classes", "photo", "checkpoint"].includes(key))) load();
    draw();
  }

  function checkpoint() {
    return fittingCheckpoint(config.checkpoints, page.state, config.checkpoint);
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

  function load() {
    const { variant, classes, photo } = page.state;
    void network.want({ variant, classes, photo, checkpoint: checkpoint()?.name ?? null, usual: config.checkpoint });
  }

  /** @param {unknown} error @param {string | null} shown the photo that is on the page */
  function fail(error, shown) {
    problem = error instanceof Error ? error.message : String(error);
    const fallback = shown ?? page.defaults.photo;
    hasFallenBack = shown !== null && shown !== page.state.photo;
    if (fallback !== page.state.photo) {
      // What is on the page stays, and the picker names it; a link to what is no longer there still opens on something.
      page.replace({ photo: fallback });
      load();
    }
    draw();
  }

  /** Whether the pictures belong to another photo than the one that is chosen. */
  function isStale() {
    return network.pictures !== null && network.pictures.trace.header.photo.id !== page.state.photo;
  }

  // ------------------------------------------------------------------ drawing
  function draw() {
    if (isGone) return;
    const { state } = page;
    photoPick.update(
      kept.photos.map(({ id, name }) => ({ value: id, title: name })),
      state.photo,
    );
    variantSwitch.update(state.variant);
    classSwitch.update(state.classes);
    lesson.update();
    errorBox.hidden = problem === null;
    fill(
      errorBox,
      h("b", {}, problem ?? ""),
      hasFallenBack ? h("span", {}, gettext("The last photo stays on the page.")) : null,
    );
    staleNote.hidden = !isStale();
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
      stale: isStale(),
    });
    drawFacts(shown);
  }

  /** The sum of the stage that is pointed at, of the first one else. @param {string} stage */
  function drawFacts(stage) {
    const { rows } = network;
    const at = Math.max(
      0,
      rows.findIndex((row) => row.stage === stage),
    );
    const { asked, answer, id } = sum(rows[at], at === 0, covers.isOpen, rows[at - 1]?.stage ?? "");
    frame.setFacts([
      [at ? h("b", {}, rows[at].name) : "", at ? ", " : "", asked, h("b", {}, covers.isOpen(id) ? answer : "?")],
      [gettext("numbers computed from the modules")],
    ]);
    presentRow(
      frame.presenter,
      drawing.table,
      gettext(variants.find(({ name }) => name === page.state.variant)?.title ?? ""),
      { name: rows[at].name, asked, answer: covers.isOpen(id) ? answer : "?" },
    );
  }

  // ------------------------------------------------------------------ what keys and buttons do
  /** @param {number} step */
  function walk(step) {
    const order = sorted();
    const at = order.findIndex(({ stage }) => stage === page.state.stage);
    const next = at < 0 ? order[step > 0 ? 0 : order.length - 1] : order[at + step];
    if (next) select(next);
  }

  /** @param {Row} row */
  function select(row) {
    pointed = null;
    set({ stage: row.stage });
    drawing.follow(row.stage);
    const known = numbersOf([row]).filter(({ id }) => covers.isOpen(id));
    lesson.say(`${row.name}. ${known.map(({ text, kind }) => `${kind} ${text}`).join(", ")}`);
  }

  /** @param {number} number 1 … 5 the blocks' convolutions, 6, 7, 8 the fully connected layers */
  function selectNumber(number) {
    const row = network.rows.filter(({ layer }) => layer.kind !== "pooling")[number - 1];
    if (row) select(row);
  }

  function back() {
    const { state, defaults } = page;
    if (problem !== null) set({});
    else if (state.stage) set({ stage: "" });
    else if (state.sort !== defaults.sort) set({ sort: defaults.sort });
    else if (covers.hidden) lesson.toggle(false);
  }

  function openInExplore() {
    const row = network.rows.find(({ stage }) => stage === page.state.stage);
    const own = checkpoint();
    if (row && own) visit("", { checkpoint: own.name, stage: row.tensor });
  }

  /** @param {number} step */
  function cycleVariant(step) {
    const names = variants.map(({ name }) => name);
    set({ variant: names[(names.indexOf(page.state.variant) + step + names.length) % names.length] });
  }

  const drawKeys = whenChanged(
    (/** @type {boolean} */ hidden) => [hidden],
    (hidden) =>
      frame.setShortcuts(
        architectureKeys({
          hidden,
          cycleVariant,
          toggleNumbers: () => lesson.toggle(false),
          reveal: lesson.reveal,
          sandbox: () => sandbox.button.click(),
          walk,
          selectNumber,
          open: openInExplore,
          save: () => saveTable(frame, page.state),
          back,
        }),
      ),
  );

  async function begin() {
    draw();
    await replaceGonePhoto(page, page.defaults.photo, (words) => (problem = words));
    if (isGone) return;
    draw();
    load();
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

/** @param {string} classes how many @returns {string} */
const namedClasses = (classes) => gettext("{classes} classes", { classes });

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame @param {import("./state.js").State} state */
function saveTable(frame, { variant, classes, photo }) {
  const title = kept.photos.find(({ id }) => id === photo)?.name ?? "photo";
  const name = `${[title, variant, `${classes}-classes`, "layers"].join("_").replace(/[^\w.+-]+/g, "-")}.csv`;
  createDownloads(frame).download(address("layers.csv", { variant, classes, photo }).href, name);
}
