/** The footer's facts: where and how long it was computed; of an altered network, what is altered and for whom. */
import { h } from "../lib/dom.js";
import { bytes, duration } from "../lib/format.js";
import { traffic } from "../server/api.js";
import { alteredShort } from "./alteration.js";

/** @param {import("./selection.js").View} now @returns {(Node | string)[][]} */
export function factsOf(now) {
  const { device, seconds, memory } = now.trace.header;
  const strong = (/** @type {string} */ text) => h("b", {}, text);
  if (!now.shown.before) return [[strong(device)], ["forward pass ", strong(duration(seconds))], [`${bytes(traffic.bytes)} sent`], ["memory ", strong(bytes(memory))]];
  const words = `altered: ${alteredShort(now.changes, (name) => now.find(name)?.shape[0] ?? 0)}`;
  return [[h("span", { class: "altered-fact" }, words)], ["tail pass ", strong(duration(seconds))], ["others see the network as it is"]];
}
