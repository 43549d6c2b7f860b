/** The Architecture page: the network to scale, nested receptive fields, the table with its arithmetic. */
import { fill, h } from "./dom.js";

/**
 * @param {ReturnType<typeof import("./frame.js").createFrame>} frame
 * @param {any} config
 * @param {() => "light" | "dark"} theme
 */
export function createArchitecture(frame, config, theme) {
  fill(frame.main, h("p", {}, `Architecture ${theme()} ${Object.keys(config).length}`));
  return { update() {}, destroy() {} };
}
