/** A drop-down for few values; for many a field that finds one by any part of its name. */
import { fill, h } from "./dom.js";
import { createPick } from "./picker.js";

const MOST_OF_A_LIST = 30;
let fields = 0;

/**
 * @param {string} label
 * @param {(value: string) => void} onChange
 */
export function createLongPick(label, onChange) {
  const pick = createPick(label, onChange);
  const list = h("datalist", { id: `long-pick-${(fields += 1)}` });
  const field = h("input", {
    type: "search",
    list: list.id,
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
    onfocus: () => field.select(),
    onchange: take,
    onblur: show,
  });
  const find = h("label", { class: "pick long", hidden: true }, h("span", { class: "pick-label" }, label), field, list);
  const element = h("span", { class: "long-pick" }, pick.element, find);
  /** @type {{value: string, title: string}[]} */
  let options = [];
  let value = "";

  /** What was typed is one of them by its whole name, else the only one, or the first, whose name holds it. */
  function take() {
    const typed = field.value.trim().toLowerCase();
    const found =
      options.find(({ title }) => title.toLowerCase() === typed) ??
      options.find(({ title }) => typed && title.toLowerCase().includes(typed));
    if (found && found.value !== value) onChange(found.value);
    show();
  }

  function show() {
    field.value = options.find((option) => option.value === value)?.title ?? "";
    field.title = field.value;
  }

  return {
    element,
    focus: () => (find.hidden ? pick.select : field).focus(),
    /** @param {{value: string, title: string}[]} given @param {string} chosen */
    update(given, chosen) {
      const isSame = given.length === options.length && given.every(({ title }, i) => title === options[i].title);
      value = chosen;
      find.hidden = given.length <= MOST_OF_A_LIST;
      pick.element.hidden = !find.hidden;
      options = given;
      if (find.hidden) return pick.update(given, chosen);
      if (!isSame)
        fill(
          list,
          given.map(({ title }) => h("option", { value: title })),
        );
      if (/** @type {Document | ShadowRoot} */ (field.getRootNode()).activeElement !== field) show();
    },
  };
}
