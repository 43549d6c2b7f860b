/** What a person calls the unit, with a note: kept while typing, exported as a table. */
import { h } from "../lib/dom.js";
import { createDownloads } from "../lib/downloads.js";
import { callUnit, calledUnit, namesTable } from "../shell/unit_names.js";

/** @typedef {{digest: string, checkpoint: string, stage: string, channel: number}} Unit checkpoint: its title */

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createNameFields(frame) {
  /** @type {Unit | null} */
  let unit = null;
  const { saveBlob } = createDownloads(frame);
  const [name, note] = ["name", "note"].map((label) => h("input", { type: "text", maxlength: label === "name" ? "60" : "500", placeholder: "add", "aria-label": label, oninput: keep, onkeydown: leave }));
  const field = (/** @type {string} */ label, /** @type {HTMLInputElement} */ input) => h("label", { class: "pick typed unit-name-field" }, h("span", { class: "pick-label" }, label), input);
  const exportButton = h("button", { class: "link", type: "button", "aria-label": "Export names", title: "All names and notes of this checkpoint, as a table (.csv)", onclick: save }, "Export");
  const element = h("div", { class: "row unit-names" }, field("name", name), field("note", note), exportButton);

  function keep() {
    if (unit) callUnit(unit.digest, unit.stage, unit.channel, { name: name.value.trim(), note: note.value.trim() });
  }

  /** Escape and Enter lead back to the page's keys. @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    /** @type {HTMLElement} */ (event.target).blur();
  }

  function save() {
    if (unit) saveBlob(new Blob([namesTable(unit.digest, unit.checkpoint)], { type: "text/csv" }), `${unit.checkpoint.replace(/[^\p{L}\p{N}_.+-]+/gu, "-")}_names.csv`);
  }

  return {
    element,
    focus: () => name.focus(),
    /** @param {Unit} given */
    update(given) {
      if (JSON.stringify(given) === JSON.stringify(unit)) return;
      unit = given;
      const called = calledUnit(given.digest, given.stage, given.channel);
      name.value = name.title = called.name;
      note.value = note.title = called.note;
    },
  };
}
