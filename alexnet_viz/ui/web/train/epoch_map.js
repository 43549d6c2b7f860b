/** The map of the epoch on the screen, large, under the block and the channel that it is of. */
import { mapCanvas } from "../lib/colour.js";
import { emptySquare, fill, h, setText } from "../lib/dom.js";
import { groupTitle, number } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { createNumberField } from "./number_field.js";

/** @typedef {import("./epoch_panel.js").MomentView} MomentView */

/** @param {{onStage: (stage: string) => void, onChannel: (channel: number) => void}} actions */
export function createEpochMap(actions) {
  const map = h("canvas", {
    class: "moment-picture marked-picture",
    role: "img",
    "aria-label": gettext("The map of this epoch"),
  });
  const stagePick = h("select", {
    class: "plain-select",
    "aria-label": gettext("Block"),
    onchange: () => actions.onStage(stagePick.value),
  });
  const channelField = createNumberField(gettext("Channel"), actions.onChannel);
  const mapNote = h("p", { class: "note" });
  const element = h(
    "figure",
    {},
    h("h3", {}, stagePick, ", ", h("label", {}, gettextNodes("channel {number}", { number: channelField.element }))),
    map,
    mapNote,
  );

  /** @param {MomentView} v */
  function drawChoices(v) {
    const stages = Object.keys(v.about?.stages ?? { [v.stage]: [] });
    if (stagePick.dataset.known !== stages.join()) {
      stagePick.dataset.known = stages.join();
      fill(
        stagePick,
        stages.map((name) => h("option", { value: name }, groupTitle(name.split(".")[0]))),
      );
    }
    stagePick.value = v.stage;
    channelField.update(v.channel, v.about?.stages[v.stage]?.[0] ?? 1);
  }

  /** @param {MomentView} v */
  function drawMap(v) {
    const context = emptySquare(map);
    const [, height, width] = v.about?.stages[v.stage] ?? [0, 0, 0];
    map.classList.toggle("waiting", !v.frame);
    if (!v.frame || !height) return setText(mapNote, v.epoch === null ? "" : gettext("computing"));
    context.drawImage(
      mapCanvas(v.frame.map, { offset: 0, height, width }, v.bounds, v.table),
      0,
      0,
      map.width,
      map.height,
    );
    const largest = v.frame.map.reduce((most, value) => Math.max(most, value), 0);
    setText(
      mapNote,
      gettext("{height} × {width}, up to {largest} of {most}", {
        height,
        width,
        largest: number(largest),
        most: number(v.bounds.high),
      }),
    );
    mapNote.title = gettext("The largest value here, of the largest after any epoch; one colour range for all epochs");
    map.setAttribute(
      "aria-label",
      gettext("{block}, channel {channel} at epoch {epoch}: largest value {largest}", {
        block: groupTitle(v.stage.split(".")[0]),
        channel: v.channel,
        epoch: v.epoch ?? "",
        largest: number(largest),
      }),
    );
  }

  return {
    element,
    /** @param {MomentView} v */
    update(v) {
      drawChoices(v);
      drawMap(v);
    },
  };
}
