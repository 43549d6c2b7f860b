/** The fields of the form of a new run. */
import { settingTitle, settingValue } from "../charts/recipe_words.js";
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

const ADVANCED = [
  "learning_rate",
  "batch_size",
  "optimiser",
  "schedule",
  "augmentation",
  "dropout",
  "weight_decay",
  "label_smoothing",
  "precision",
  "keep_every",
];

/** @param {string} name @param {string} label @param {() => void} onChange */
export function choice(name, label, onChange) {
  return h("select", { class: "form-control", name, "aria-label": label, onchange: onChange });
}

/** @param {string} name @param {string} label @param {string} least @param {() => void} onChange */
export function numberField(name, label, least, onChange) {
  return h("input", {
    class: "form-control",
    name,
    type: "number",
    min: least,
    step: "1",
    "aria-label": label,
    oninput: onChange,
  });
}

/** @param {string} label @param {HTMLElement} control */
export function row(label, control) {
  return h(
    "label",
    { class: `form-row${control.tagName === "SELECT" ? " choice" : ""}` },
    h("span", {}, label),
    control,
  );
}

/** What a network starts from is no detail; "" where the preset starts anew. @param {Record<string, any>} recipe @param {{name: string, title: string}[]} checkpoints @param {() => void} onChange */
export function startRows(recipe, checkpoints, onChange) {
  if (!recipe.start_from) return null;
  const from = h(
    "select",
    {
      class: "form-control",
      name: "start_from",
      "data-key": "start_from",
      "aria-label": gettext("starts from"),
      oninput: onChange,
    },
    checkpoints
      .filter(({ name }) => name !== "untrained")
      .map(({ name, title }) => h("option", { value: name }, title)),
  );
  from.value = recipe.start_from;
  return [
    row(gettext("starts from"), from),
    h(
      "p",
      { class: "form-note" },
      recipe.freeze === "convolutions"
        ? gettext("Its convolutions are reused as they are; only fc1, fc2 and the last layer are trained.")
        : "",
    ),
  ];
}

/** @param {Record<string, any>} recipe @param {{words: Record<string, string[]>, ranges: Record<string, [number, number]>} | null} options @param {() => void} onChange */
export function advancedRows(recipe, options, onChange) {
  return ADVANCED.map((key) => {
    const words = options?.words[key];
    const attributes = {
      class: "form-control",
      name: key,
      "data-key": key,
      "aria-label": settingTitle(key),
      oninput: onChange,
    };
    const control = words
      ? h(
          "select",
          attributes,
          words.map((word) => h("option", { value: word }, settingValue(word))),
        )
      : h("input", {
          ...attributes,
          type: "number",
          step: "any",
          min: String(options?.ranges[key]?.[0] ?? 0),
          max: String(options?.ranges[key]?.[1] ?? 1),
        });
    control.value = String(recipe[key]);
    return row(settingTitle(key), control);
  });
}

/** What fields hold, by their names. @param {Field[]} fields @returns {Record<string, string>} */
export function valuesOf(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

/** Put back what fields held, as far as it is still offered. @param {Field[]} fields @param {Record<string, unknown>} values by name */
export function putBack(fields, values) {
  for (const field of fields) {
    const value = values[field.name];
    const isOffered =
      !(field instanceof HTMLSelectElement) || [...field.options].some((option) => option.value === value);
    if (typeof value === "string" && isOffered) field.value = value;
  }
}

/** Thin spaces from a thousand on, as the images of an epoch are read. @param {number} value */
export function grouped(value) {
  return value < 1000 ? String(value) : `${Math.floor(value / 1000)}\u2009${String(value % 1000).padStart(3, "0")}`;
}
