/** In place of the inspector while the network is altered: what is altered, and what follows from it. */
import { dumbbells, dumbbellTitle } from "../charts/dumbbells.js";
import { fill, h, setText } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { strongest } from "../maps/ranking.js";
import { alteredSentence } from "./alteration.js";
import { createCosts } from "./costs.js";
import { createDownstream } from "./downstream.js";
import { createRightAnswers } from "./right_answers.js";

/** @typedef {import("./selection.js").View} View */
/** @typedef {import("../server/api.js").Trace} Trace */

const MOST_CLASSES = 10;

/** @param {{undo: () => void, reset: () => void, onOpen: (stage: string, channel: number) => void, onRefused: (error: unknown) => void}} actions */
export function createAlteredPanel({ undo, reset, onOpen, onRefused }) {
  const words = h("b", {});
  const right = createRightAnswers(onRefused);
  const box = h(
    "div",
    { class: "altered-box", role: "group", "aria-label": gettext("Altered network") },
    h("div", {}, h("p", { role: "status" }, words), right.element),
    h(
      "button",
      { class: "button", type: "button", title: gettext("Back channel by channel (Ctrl Z)"), onclick: undo },
      gettext("Undo"),
    ),
    h(
      "button",
      { class: "button", type: "button", title: gettext("To the unaltered network"), onclick: reset },
      gettext("Reset"),
    ),
  );
  const answers = h("div", {});
  const costs = createCosts({ onOpen, onRefused });
  const downstream = createDownstream();
  const prediction = h("div", {}, dumbbellTitle(gettext("before"), gettext("altered")), answers);
  const body = h(
    "section",
    { class: "altered-panel", "aria-label": gettext("What changes") },
    h("div", { class: "altered-pair" }, prediction, costs.element),
    downstream.element,
  );

  /** @param {View} now */
  function sentence(now) {
    const stages = now.trace.header.stages;
    const broken = stages.find((stage) => !stage.finite);
    const sentence = alteredSentence(now.changes, (name) => now.find(name)?.shape[0] ?? 0);
    return broken && !now.hasAnswer
      ? gettext("Not finite after {stage}: {sentence}", { stage: stageTitle(broken.name), sentence })
      : gettext("Altered network: {sentence}", { sentence });
  }

  /** @param {View} now @param {Trace} before */
  function drawAnswers(now, before) {
    if (!now.hasAnswer) return fill(answers, h("p", { class: "no-answer" }, gettext("The outputs are not numbers.")));
    const names = now.trace.header.checkpoint.classes;
    const [was, is] = [before.probabilities, now.trace.probabilities];
    const largest = names.map((_, i) => Math.max(was[i], is[i]));
    const shown = strongest(largest, Math.min(MOST_CLASSES, names.length)).sort((a, b) => was[b] - was[a] || a - b);
    const best = strongest(was, 1)[0];
    const rows = shown.map((i) => ({ name: names[i], first: was[i], second: is[i], isBest: i === best }));
    fill(
      answers,
      dumbbells(rows, [gettext("before"), gettext("altered")]),
      names.length > shown.length
        ? h("p", { class: "note" }, gettext("{shown} of {total} classes", { shown: shown.length, total: names.length }))
        : null,
    );
  }

  const drawBody = whenChanged(
    (/** @type {View} */ now, /** @type {Trace} */ before) => [now.trace, before, now.theme],
    (now, before) => {
      drawAnswers(now, before);
      downstream.update(now, before);
    },
  );

  return {
    box,
    body,
    /** @param {View | null} now @param {boolean} isBody whether what follows is on the screen */
    update(now, isBody) {
      const before = now?.shown.before ?? null;
      box.hidden = before === null;
      body.hidden = before === null || !isBody;
      right.update(now && before ? now.shown.subject : null);
      costs.update(now && before && isBody ? now : null);
      if (!now || !before) return;
      setText(words, sentence(now));
      if (isBody) drawBody(now, before);
    },
    end() {
      right.end();
      costs.end();
    },
  };
}
