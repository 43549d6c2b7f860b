/** The network to scale under its head: which variant and how many classes, the sandbox, the lesson, the table to be saved. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createSegments } from "../lib/segments.js";
import { CLASSES } from "./state.js";

/** Short names for the segments; the full title and what is particular stand in the tooltip and under the table. */
const SHORT = /** @type {Record<string, string>} */ ({
  seed: gettext("default"),
  paper: gettext("paper of 2012"),
  "paper-groups": gettext("paper, 2 groups"),
  torchvision: "torchvision",
});

/** @param {string} classes how many @returns {string} */
const namedClasses = (classes) => gettext("{classes} classes", { classes });

/**
 * @param {import("./drawing.js").Variant[]} variants
 * @param {{onVariant: (variant: string) => void, onClasses: (classes: string) => void, onSave: () => void}} actions
 * @param {{drawing: HTMLElement, sandbox: HTMLElement, lesson: HTMLElement}} parts sandbox and lesson: their buttons
 */
export function createScaleSection(variants, { onVariant, onClasses, onSave }, { drawing, sandbox, lesson }) {
  const variantSwitch = createSegments(
    gettext("Variant"),
    variants.map(({ name, title, summary }) => ({
      value: name,
      text: SHORT[name] ?? name,
      title: `${gettext(title)}: ${gettext(summary)}`,
    })),
    onVariant,
  );
  const classSwitch = createSegments(
    gettext("Classes"),
    CLASSES.map((value, i) => ({ value, text: i ? value : namedClasses(value), name: namedClasses(value) })),
    onClasses,
  );
  const saveButton = h(
    "button",
    { class: "button", type: "button", title: gettext("This table as CSV"), onclick: onSave },
    gettext("Save table"),
  );
  const staleNote = h("div", { class: "stale-note", hidden: true }, gettext("out of date, computing"));
  const element = h(
    "section",
    { class: "scale", "aria-label": gettext("AlexNet to scale") },
    h(
      "div",
      { class: "scale-head" },
      h("h2", {}, gettext("AlexNet to scale")),
      variantSwitch.element,
      classSwitch.element,
      h("span", { class: "grow" }),
      sandbox,
      lesson,
      saveButton,
    ),
    drawing,
    staleNote,
  );

  return {
    element,
    /** @param {import("./state.js").State} state @param {boolean} isStale whether the drawing is of another photo */
    update({ variant, classes }, isStale) {
      variantSwitch.update(variant);
      classSwitch.update(classes);
      staleNote.hidden = !isStale;
    },
  };
}
