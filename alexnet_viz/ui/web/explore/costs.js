/** What a class loses with each channel of a stage off alone: the dearest first, counted a few channels at a time. */
import { mapCanvas } from "../lib/colour.js";
import { fill, h, setText } from "../lib/dom.js";
import { count, duration, percent, percents, stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createInParts } from "../lib/in_parts.js";
import { largestAt, strongest } from "../maps/ranking.js";
import { getCosts } from "../server/explanations.js";
import { factorWords } from "./alteration.js";
import { unaltered } from "./shown.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {{done: number, total: number, whole: number, left: (number | null)[]}} Found `left`: null is not a number */

const FEW = 8;

/** @param {{onOpen: (stage: string, channel: number) => void, onRefused: (error: unknown) => void}} actions */
export function createCosts({ onOpen, onRefused }) {
  const title = h("h3", {});
  const rows = h("ul", { class: "cost-rows" });
  const note = h("span", { class: "note", role: "status" });
  const act = h("button", { class: "link", type: "button" });
  const element = h(
    "div",
    { class: "costs" },
    h("div", { class: "title-row" }, title, h("span", { class: "note" }, gettext("each off alone, points"))),
    rows,
    h("div", { class: "title-row" }, note, act),
  );
  /** @type {View | null} */
  let view = null;
  let isWhole = false;
  act.addEventListener("click", () => {
    if (costs.isRunning) return costs.cancel();
    if (!isComplete()) costs.goOn();
    else isWhole = !isWhole;
    draw();
  });
  const costs = createInParts({
    /** @param {import("../server/api.js").Subject & {stage: string, target: number}} about @param {Found | null} found */
    ask: async (about, found) => {
      const { first, total, whole, left } = await getCosts(about, found?.done ?? 0);
      return { done: first + left.length, total, whole, left: [...(found?.left ?? []), ...left] };
    },
    onChange: draw,
    onRefused: (error) => void (onRefused(error), draw()),
  });

  const isComplete = () => costs.found !== null && costs.found.done === costs.found.total;

  /** @param {View} now @param {string} stage @param {number} channel @param {number} cost @param {number} largest @param {string} words */
  function row(now, stage, channel, cost, largest, words) {
    const source = now.find(stage);
    const done = source ? now.changesAt(source).get(channel) : undefined;
    return h(
      "li",
      {},
      h(
        "button",
        {
          class: done === undefined ? "cost" : "cost changed",
          type: "button",
          title: gettext("Channel {channel} of {stage}: {points} points when it is off alone", {
            channel,
            stage: stageTitle(stage),
            points: words,
          }),
          onclick: () => onOpen(stage, channel),
        },
        channelPicture(now, stage, channel),
        h("span", { class: "cost-name" }, channel),
        h(
          "span",
          { class: "cost-track" },
          h("span", { class: "bar-fill", style: `width:${(Math.max(0, cost || 0) / largest) * 100}%` }),
        ),
        h("span", { class: "bar-value" }, words),
        h("span", {}, done === undefined ? "" : factorWords(done)),
      ),
    );
  }

  /** @param {View} now @param {string} stage @param {Found} found */
  function drawRows(now, stage, found) {
    const lost = found.left.map((left) => found.whole - (left ?? NaN));
    const dearest = strongest(lost, lost.length);
    const shown = isWhole ? dearest : dearest.slice(0, FEW);
    const words = percents(shown.map((channel) => -lost[channel])).map((text) => text.replace(" %", ""));
    const largest = Math.max(lost[dearest[0]] || 0, 1e-9);
    fill(
      rows,
      shown.map((channel, i) => row(now, stage, channel, lost[channel], largest, words[i])),
    );
    setText(
      note,
      gettext("{shown} of {total}, at p({name}) {share}", {
        shown: shown.length,
        total: count(found.total),
        name: nameOf(now),
        share: percent(found.whole),
      }),
    );
    setText(act, isWhole ? gettext("show few") : gettext("show all"));
  }

  /** @param {View} now @param {string} stage */
  function drawProgress(now, stage) {
    const { found } = costs;
    const counted = { done: found?.done ?? 0, total: count(found?.total ?? now.find(stage)?.shape[0] ?? 0) };
    const left = costs.secondsLeft;
    fill(
      rows,
      Array.from({ length: FEW }, () => h("li", { class: "cost-slot" })),
    );
    const running =
      left === null
        ? gettext("{done} of {total} passes", counted)
        : gettext("{done} of {total} passes, about {time}", { ...counted, time: duration(left) });
    setText(note, costs.isRunning ? running : gettext("{done} of {total} channels", counted));
    setText(act, costs.isRunning ? gettext("Cancel") : gettext("Go on"));
  }

  function draw() {
    if (!view) return;
    const { stage } = subjectOf(view);
    setText(title, gettext("Costs {name} most", { name: nameOf(view) }));
    rows.classList.toggle("whole", isWhole);
    const { found } = costs;
    if (found && isComplete()) drawRows(view, stage, found);
    else drawProgress(view, stage);
  }

  return {
    element,
    /** @param {View | null} now of an altered network; null where nothing of it is on the screen */
    update(now) {
      view = now?.shown.before?.header.has_answer ? now : null; // without an answer no class is predicted
      element.hidden = view === null;
      if (!now || !view) return costs.cancel();
      costs.want(subjectOf(now));
      draw();
    },
    end: costs.cancel,
  };
}

/** What is counted: the open stage, or that of the first change; the class that the unaltered network predicts. @param {View} now */
function subjectOf(now) {
  const stage = now.stage?.shape.length === 3 ? now.stage.name : now.changes[0].stage;
  const probabilities = now.shown.before?.probabilities ?? now.trace.probabilities;
  return { ...unaltered(now.shown.subject), stage, target: largestAt(probabilities) };
}

/** @param {View} now @param {string} stage @param {number} channel */
function channelPicture(now, stage, channel) {
  const source = now.find(stage);
  const values = now.shown.valuesBefore.get(stage) ?? now.values.get(stage);
  if (!source || source.shape.length < 3 || !values) return h("span", { class: "cost-picture" });
  const [, height, width] = source.shape;
  const canvas = mapCanvas(
    values,
    { offset: channel * height * width, height, width },
    now.bounds(source, channel),
    now.table(source),
  );
  canvas.className = "cost-picture";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** The class that the unaltered network predicts. @param {View} now */
function nameOf(now) {
  return now.trace.header.checkpoint.classes[subjectOf(now).target];
}
