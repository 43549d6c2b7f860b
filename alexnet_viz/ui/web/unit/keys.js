/** The keys of the Unit page. */
import { gettext } from "../lib/language.js";

/**
 * @param {{walk: (step: number) => void, walkStages: (step: number) => void, terms: () => void, open: () => void, panels: () => void, begin: () => void, cover: () => void, lower: () => void, hold: () => void, switchOff: () => void, name: () => void, curve: () => void, film: (step: number) => void, explore: () => void, back: () => void}} page
 * @returns {import("../shell/page_frame.js").Shortcut[]}
 */
export function unitKeys({
  walk,
  walkStages,
  terms,
  open,
  panels,
  begin,
  cover,
  lower,
  hold,
  switchOff,
  name,
  curve,
  film,
  explore,
  back,
}) {
  return [
    {
      key: "←\u2009→",
      does: gettext("channel: previous, next"),
      keys: ["ArrowLeft", "ArrowRight"],
      action: (event) => walk(event.key === "ArrowLeft" ? -1 : 1),
      footer: true,
    },
    {
      key: "←\u2009→\u2009↑\u2009↓",
      does: gettext("with the focus on a large map: its pixel"),
      keys: [],
      action: () => undefined,
    },
    {
      key: "[ ]",
      does: gettext("stage: previous, next"),
      keys: ["[", "]"],
      action: (event) => walkStages(event.key === "[" ? -1 : 1),
    },
    { key: "Enter", does: gettext("products: of the largest term"), keys: ["Enter"], action: open, footer: true },
    {
      key: "A",
      does: gettext("parts, made: image parts or the picture made for it"),
      keys: ["a"],
      action: panels,
      footer: true,
    },
    { key: "H", does: gettext("hold: its map stays beside while you browse"), keys: ["h"], action: hold, footer: true },
    {
      key: "0",
      does: gettext("switch off: the wall without this channel"),
      keys: ["0"],
      action: switchOff,
      footer: true,
    },
    { key: "M", does: gettext("make the picture, or search the images"), keys: ["m"], action: begin },
    { key: "O", does: gettext("occlusion: where covering the photo changes the value"), keys: ["o"], action: cover },
    { key: "N", does: gettext("name: what you call it"), keys: ["n"], action: name },
    { key: "W", does: gettext("below: tuning, kernels, what it feeds"), keys: ["w"], action: lower },
    { key: "R", does: gettext("to the tuning curve, whose point the arrows move"), keys: ["r"], action: curve },
    {
      key: ", .",
      does: gettext("step: of the film, one back, one on"),
      keys: [",", "."],
      action: (event) => film(event.key === "," ? -1 : 1),
    },
    { key: "T", does: gettext("terms: the largest or all"), keys: ["t"], action: terms },
    { key: "E", does: gettext("explore: this channel on the wall"), keys: ["e"], action: explore, footer: true },
    { key: "Esc", does: gettext("one level back, at last to the wall"), keys: ["Escape"], action: back },
    { key: "?", does: gettext("this list"), keys: [], action: () => undefined },
  ];
}
