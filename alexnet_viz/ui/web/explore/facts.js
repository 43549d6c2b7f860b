/** The footer's facts: where and how long it was computed; of an altered network, what is altered and for whom. */
import { h } from "../lib/dom.js";
import { bytes, duration } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { traffic } from "../server/api.js";
import { alteredShort } from "./alteration.js";

/** @param {import("./selection.js").View} now @returns {(Node | string)[][]} */
export function factsOf(now) {
  const { device, seconds, memory } = now.trace.header;
  const strong = (/** @type {string} */ text) => h("b", {}, text);
  if (!now.shown.before) {
    const sent = gettext("{size} sent", { size: bytes(traffic.bytes) });
    return [
      [strong(device)],
      gettextNodes("forward pass {time}", { time: strong(duration(seconds)) }),
      [sent],
      gettextNodes("memory {size}", { size: strong(bytes(memory)) }),
    ];
  }
  const words = gettext("altered: {changes}", {
    changes: alteredShort(now.changes, (name) => now.find(name)?.shape[0] ?? 0),
  });
  return [
    [h("span", { class: "altered-fact" }, words)],
    gettextNodes("tail pass {time}", { time: strong(duration(seconds)) }),
    [gettext("others see the network as it is")],
  ];
}
