/** The selected pair: photo with receptive field, B − A, A, B at one size; under them the answers of both on one axis. */
import { createPairAnswers } from "./pair_answers.js";
import { createPairPictures } from "./pair_pictures.js";
import { h, setText } from "../lib/dom.js";
import { stageTitle } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("../server/api.js").Stage} Stage */
/** @typedef {import("../lib/colour.js").Bounds} Bounds */
/** @typedef {import("./difference.js").Comparison} Comparison */
/**
 * @typedef {{traces: {a: Trace, b: Trace}, noAxis: string, stage: Stage, comparison: Comparison | null, channel: number, place: {row: number, column: number} | null,
 *   bounds: {shared: Bounds, difference: Bounds}, table: Uint32Array, differenceTable: Uint32Array, called: string, pair: string, fit: string}} SideView
 */

/** @param {{onPoint: (place: {row: number, column: number} | null) => void, onPin: (place: {row: number, column: number}) => void, onOpen: () => void}} actions */
export function createPairPanel(actions) {
  const title = h("h3", { class: "marked" });
  const open = h(
    "button",
    { class: "link", type: "button", onclick: () => actions.onOpen() },
    gettext("Open in Explore →"),
  );
  const note = h("p", { class: "note pair-note" });
  const pictures = createPairPictures(actions);
  const answers = createPairAnswers();
  const element = h(
    "section",
    { class: "compare-side", tabindex: "0", "aria-label": gettext("The selected pair") },
    h("div", { class: "title-row" }, title, open),
    note,
    pictures.element,
    answers.title,
    answers.element,
  );

  return {
    element,
    pictures: pictures.element,
    answers: answers.element,
    /** @param {SideView} next */
    update(next) {
      const { stage } = next;
      setText(title, next.pair);
      answers.update(next);
      setText(note, pairNote(next));
      note.hidden = !note.textContent;
      open.title = gettext("{stage}, channel {channel} of B", { stage: stageTitle(stage.name), channel: next.channel });
      pictures.update(next);
    },
  };
}

/** @param {SideView} v */
function pairNote({ comparison: c, channel, fit }) {
  if (!c) return "";
  if (c.reason) return c.reason;
  return c.partners?.[channel] === null ? gettext("No channel of B does what this one does.") : fit;
}
