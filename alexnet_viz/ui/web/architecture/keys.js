/** The keys of the Architecture page. */
import { gettext } from "../lib/language.js";

/**
 * @param {{hidden: boolean, cycleVariant: (step: number) => void, toggleNumbers: () => void, reveal: () => void, sandbox: () => void, walk: (step: number) => void,
 *   selectNumber: (number: number) => void, open: () => void, save: () => void, back: () => void}} page
 * @returns {import("../shell/page_frame.js").Shortcut[]}
 */
export function architectureKeys({
  hidden,
  cycleVariant,
  toggleNumbers,
  reveal,
  sandbox,
  walk,
  selectNumber,
  open,
  save,
  back,
}) {
  return [
    { key: "V", does: gettext("variant"), keys: ["v"], shift: false, action: () => cycleVariant(1), footer: true },
    { key: "Shift V", does: gettext("previous variant"), keys: ["v"], shift: true, action: () => cycleVariant(-1) },
    {
      key: "N",
      does: hidden ? gettext("show numbers") : gettext("hide numbers"),
      keys: ["n"],
      action: toggleNumbers,
      footer: true,
    },
    ...(hidden
      ? [{ key: "Space", does: gettext("reveal: the next number"), keys: [" "], action: reveal, footer: true }]
      : []),
    { key: "W", does: gettext("try a window: kernel, stride, padding"), keys: ["w"], action: sandbox },
    {
      key: "↑ ↓",
      does: gettext("stage: previous, next"),
      keys: ["ArrowUp", "ArrowDown"],
      action: (event) => walk(event.key === "ArrowUp" ? -1 : 1),
      footer: true,
    },
    {
      key: "[ ]",
      does: gettext("previous, next stage"),
      keys: ["[", "]"],
      action: (event) => walk(event.key === "[" ? -1 : 1),
    },
    {
      key: "1 … 8",
      does: gettext("the five convolutions, fc1, fc2, logits"),
      keys: ["1", "2", "3", "4", "5", "6", "7", "8"],
      action: (event) => selectNumber(Number(event.key)),
    },
    { key: "Enter", does: gettext("open the stage on Explore"), keys: ["Enter"], action: open },
    { key: "S", does: gettext("save the table"), keys: ["s"], action: save },
    { key: "Esc", does: gettext("one level back"), keys: ["Escape"], action: back },
    { key: "?", does: gettext("this list"), keys: [], action: () => undefined },
  ];
}
