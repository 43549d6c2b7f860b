/** What a person calls the unit, with a note: kept while typing, exported as a table. */
import { h } from "../lib/dom.js";
import { createDownloads, fileNameOf } from "../lib/downloads.js";
import { gettext } from "../lib/language.js";
import { lesson } from "../shell/class_store.js";
import { callUnit, calledUnit, keyOf, namesTable } from "../shell/unit_names.js";

/** @typedef {{digest: string, checkpoint: string, stage: string, channel: number}} Unit checkpoint: its title */

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createNameFields(frame) {
  /** @type {Unit | null} */
  let unit = null;
  const { saveBlob } = createDownloads(frame);
  const [nameLabel, noteLabel] = [gettext("name"), gettext("note")];
  const input = (/** @type {string} */ label, /** @type {number} */ maxlength) =>
    h("input", { type: "text", maxlength, placeholder: gettext("add"), "aria-label": label, onkeydown: leave });
  const [name, note] = [input(nameLabel, 60), input(noteLabel, 500)];
  const field = (/** @type {string} */ label, /** @type {HTMLInputElement} */ input) =>
    h("label", { class: "pick typed unit-name-field" }, h("span", { class: "pick-label" }, label), input);
  const exportButton = h(
    "button",
    {
      class: "link",
      type: "button",
      "aria-label": gettext("Export names"),
      title: gettext("All names and notes of this checkpoint, as a table (.csv)"),
      onclick: save,
    },
    gettext("Export"),
  );
  const proposeButton = h(
    "button",
    {
      class: "button quiet",
      type: "button",
      hidden: true,
      title: gettext("The teacher sees all names that are proposed, and not whose they are"),
      onclick: propose,
    },
    gettext("Propose to the class"),
  );
  const element = h(
    "div",
    { class: "row unit-names" },
    field(nameLabel, name),
    field(noteLabel, note),
    proposeButton,
    exportButton,
  );

  /** @param {Partial<import("../shell/unit_names.js").Called>} changes */
  function keep(changes) {
    if (unit) callUnit(unit.digest, unit.stage, unit.channel, changes);
  }
  name.addEventListener("input", () => keep({ name: name.value.trim() }));
  note.addEventListener("input", () => keep({ note: note.value.trim() }));

  async function propose() {
    if (!unit) return;
    const asked = {
      unit: `${unit.digest} ${keyOf(unit.stage, unit.channel)}`,
      checkpoint: unit.checkpoint,
      name: name.value,
    };
    const refusal = await lesson.send("name", asked).then(
      () => "",
      (error) => error.message,
    );
    frame.toast(
      refusal || (name.value.trim() ? gettext("Proposed to the class.") : gettext("Your name is taken back.")),
    );
  }

  function draw() {
    proposeButton.hidden = !unit || lesson.state?.role !== "class";
    name.readOnly = note.readOnly = !unit; // what is typed would be nobody's
    const called = unit ? calledUnit(unit.digest, unit.stage, unit.channel) : { name: "", note: "" };
    name.value = name.title = called.name;
    note.value = note.title = called.note;
  }
  draw();
  // What the class calls it may have changed; whoever types goes on.
  const drawIfIdle = () => void ([name, note].some((input) => input.matches(":focus")) || draw());
  const unsubscribe = lesson.subscribe(drawIfIdle);
  window.addEventListener("storage", drawIfIdle); // another tab has

  /** Escape and Enter lead back to the page's keys. @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    /** @type {HTMLElement} */ (event.target).blur();
  }

  function save() {
    if (unit)
      saveBlob(
        new Blob([namesTable(unit.digest, unit.checkpoint)], { type: "text/csv" }),
        `${fileNameOf(unit.checkpoint)}_names.csv`,
      );
  }

  return {
    element,
    focus: () => name.focus(),
    /** @param {Unit | null} given null where it is not known yet */
    update(given) {
      if (JSON.stringify(given) === JSON.stringify(unit)) return;
      unit = given;
      draw();
    },
    destroy() {
      unsubscribe();
      window.removeEventListener("storage", drawIfIdle);
    },
  };
}
