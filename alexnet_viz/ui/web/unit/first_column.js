/** The first column: image parts, or pictures made for the unit. */
import { fill, h } from "../lib/dom.js";
import { createDownloads } from "../lib/downloads.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { largestAt } from "../maps/ranking.js";
import { createAcrossBlocks } from "./across_blocks.js";
import { createJob, isAlive } from "./job.js";
import { createImageSets } from "./image_sets.js";
import { createMadePanel, SIGNS } from "./made_panel.js";
import { stepBy } from "./made_words.js";
import { createPartsPanel } from "./parts_panel.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{state: State, trace: import("../server/api.js").Trace, stage: import("../server/api.js").Stage, noun: import("./nouns.js").Noun}} View */
/** @typedef {import("./made_panel.js").Made} Made */
/** @typedef {import("./made_panel.js").Sign} Sign */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{set: (changes: Partial<Record<import("./state.js").Key, string>>) => void, state: () => State, onUnit: (stage: string, channel: number, place: string) => void, onChange: () => void, onRefused: (error: unknown) => void}} page
 */
export function createFirstColumn(frame, { set, state, onUnit, onChange, onRefused }) {
  /** @type {ReturnType<typeof createJob<Record<string, string>, import("./parts_panel.js").Found>>} */
  const search = createJob({
    path: "unit/parts",
    isKin: (a, b) => a.checkpoint === b.checkpoint && a.data === b.data,
    onChange,
    onRefused,
  });
  /** @type {Record<Sign, ReturnType<typeof createJob<Record<string, string>, Made>>>} */
  const made = { excites: madeJob(), inhibits: madeJob() };
  const { download } = createDownloads(frame);
  const panels = createSegments(
    gettext("First column"),
    [
      { value: "parts", text: gettext("image parts") },
      { value: "made", text: gettext("picture made for it") },
    ],
    (panel) => set({ panel }),
  );
  const contrast = createPick(gettext("contrast"), (chosen) => set({ contrast: chosen }));
  const sets = createImageSets(frame, { onChoose: (data) => set({ data }), onList: onChange, onRefused });
  const partsPanel = createPartsPanel({ onStart: search.start, onCancel: search.cancel });
  const madePanel = createMadePanel({
    set,
    onMake: (sign) => made[sign].start(),
    onCancel: (sign) => made[sign].cancel(),
    onLost: (sign) => made[sign].again(),
    onSave: download,
  });
  const across = createAcrossBlocks({ onUnit: (stage, channel) => onUnit(stage, channel, ""), onChange, onRefused });
  const element = h(
    "div",
    { class: "unit-first" },
    h("div", { class: "row unit-first-head" }, panels.element, contrast.element, sets.element),
    sets.summary,
    partsPanel.element,
    madePanel.element,
    across.element,
  );

  /** @returns {ReturnType<typeof createJob<Record<string, string>, Made>>} */
  function madeJob() {
    return createJob({ path: "unit/made", isKin: () => false, onChange, onRefused });
  }

  /** @returns {Record<Sign, Made | null>} */
  const foundOf = () => ({ excites: made.excites.found, inhibits: made.inhibits.found });

  return {
    element,
    get found() {
      return search.found;
    },
    /** What the view needs is asked for. @param {State} now */
    want(now) {
      const { checkpoint, data, stage, channel, panel } = now;
      search.want({ checkpoint, data, stage, channel });
      for (const sign of SIGNS) made[sign].want(panel === "made" ? { ...query(now), sign } : null);
    },
    /** @param {View} view */
    update({ state: now, trace, stage, noun }) {
      const isMade = now.panel === "made";
      panels.update(now.panel);
      contrast.element.hidden = !isMade;
      contrast.update(
        [
          { value: "photo", title: gettext("as in photos") },
          { value: "full", title: gettext("full") },
        ],
        now.contrast,
      );
      sets.update(now.data, isMade);
      sets.summary.hidden = isMade || !sets.summary.firstChild; // empty, it would still keep the others apart
      partsPanel.element.hidden = isMade;
      madePanel.element.hidden = !isMade;
      across.element.hidden = !isMade || !trace.header.has_answer; // without an answer no class is predicted
      if (!isMade) return partsPanel.update({ found: search.found, data: now.data, input: trace.header.input, noun });
      const best = search.found?.strongest?.[0]?.value ?? null;
      const hasRelu = /\.(relu|norm|pool)$/.test(stage.name);
      const { sign, step, seed, steps, contrast: chosen } = now;
      madePanel.update({
        found: foundOf(),
        query: query(now),
        digest: trace.header.checkpoint.digest,
        title: trace.header.checkpoint.title,
        sign: /** @type {Sign} */ (sign),
        step,
        seed,
        steps,
        contrast: chosen,
        best,
        isWhole: stage.shape.length < 3,
        hasRelu,
        noun,
      });
      if (trace.header.has_answer) across.update(acrossOf(now, trace));
    },
    /** Whatever is shown and not there yet is begun, or gone on with. */
    begin() {
      if (state().panel === "parts") return void (isAlive(search.found) || search.start());
      const { stage, sign: chosen } = state();
      const signs = /^block/.test(stage) ? SIGNS : [/** @type {Sign} */ (chosen)];
      for (const sign of signs)
        if (!isAlive(made[sign].found) && made[sign].found?.state !== "done") made[sign].start();
    },
    /** One step of the film on or back. @param {number} by */
    walkFilm(by) {
      const { panel, sign, step } = state();
      const next = panel === "made" ? stepBy(made[/** @type {Sign} */ (sign)].found?.film ?? [], step, by) : null;
      if (next !== null) set({ step: next });
    },
    end() {
      for (const job of [search, made.excites, made.inhibits, across]) job.end();
      fill(element);
    },
  };
}

/** @param {State} now @returns {Record<string, string>} what both signs have in common */
function query({ checkpoint, stage, channel, seed, steps, contrast: chosen }) {
  return { checkpoint, stage, channel, seed, steps, contrast: chosen };
}

/** @param {State} now @param {import("../server/api.js").Trace} trace */
function acrossOf({ photo, checkpoint, resize, contrast: chosen }, { header, probabilities }) {
  const target = largestAt(probabilities);
  const blocks = header.stages.filter(({ name }) => /^block\d\.relu$/.test(name));
  const about = {
    photo,
    checkpoint,
    resize,
    target,
    stages: blocks.map(({ name, shape }) => ({ name, channels: shape[0] })),
  };
  return {
    about,
    name: header.checkpoint.classes[target],
    digest: header.checkpoint.digest,
    contrast: chosen,
    fields: Object.fromEntries(blocks.map(({ name, field }) => [name, field])),
  };
}
