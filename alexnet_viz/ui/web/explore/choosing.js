/** The line over the wall: one sentence; while channels are selected, what can be done to them stands in its place. */
import { h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createSegments } from "../lib/segments.js";
import { DOUBLED, HELD, OFF, ON } from "./alteration.js";

const CHOICES = [
  { value: ON, text: gettext("on"), title: gettext("as the network has it") },
  { value: OFF, text: gettext("off"), title: gettext("0 everywhere (key 0)") },
  { value: HELD, text: gettext("held"), title: gettext("at its mean on this photo") },
  { value: DOUBLED, text: gettext("doubled"), title: gettext("every value times 2; again, times 4") },
];

/** @param {ReturnType<typeof import("./alter.js").createAlter>} alter @param {() => void} onSelect the channel with the ring is to be selected */
export function createChoosing(alter, onSelect) {
  const sentence = h("p", { class: "sentence", id: "wall-sentence", "aria-live": "polite" });
  const choices = createSegments(gettext("Selected channels"), CHOICES, alter.change);
  const choose = h(
    "button",
    {
      class: "link",
      type: "button",
      title: gettext("Select this channel, to switch it off (Space; several: Shift and a click or an arrow)"),
      onclick: onSelect,
    },
    gettext("Select"),
  );
  choices.element.hidden = choose.hidden = true; // until there is something to choose
  return {
    element: h("div", { class: "choosing" }, sentence, choices.element, choose),
    /** @param {import("./selection.js").View} now @param {number} photos */
    update(now, photos) {
      const chosen = now.panel === "wall" ? alter.chosen.length : 0;
      setText(
        sentence,
        chosen
          ? gettext("{count} of {total} channels selected:", { count: chosen, total: now.stage?.shape[0] ?? 0 })
          : now.sentence(photos),
      );
      choices.element.hidden = !chosen;
      choose.hidden = chosen > 0 || now.panel !== "wall";
      if (chosen) choices.update(alter.choice());
    },
  };
}
