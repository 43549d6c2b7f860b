/** What is saved of an explanation carries all that is known of it. */
import { h } from "../lib/dom.js";
import { createDownloads, fileNameOf } from "../lib/downloads.js";
import { numbers } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { copyAddress } from "../shell/copy_address.js";
import { methodOf } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */
/** @typedef {import("../server/api.js").Trace} Trace */

/** @param {Explanation} found @param {Trace} trace @returns {Record<string, unknown>} */
export function facts(found, trace) {
  const { photo, checkpoint } = trace.header;
  const rest = Object.fromEntries(Object.entries(found).filter(([, value]) => !(value instanceof Float32Array)));
  return {
    ...rest,
    photo: photo.title,
    resize: trace.header.input.resize,
    checkpoint: checkpoint.title,
    target: checkpoint.classes[found.target],
    versus: found.versus === null ? null : checkpoint.classes[found.versus],
  };
}

/** @param {Explanation} found @param {Trace} trace @returns {string[]} two lines for a picture's foot */
export function caption(found, trace) {
  const known = facts(found, trace);
  const [low, high] = numbers([found.minimum, found.maximum]);
  const rather = known.versus ? ` rather than ${known.versus}` : "";
  return [
    `Why ${known.target}${rather}? ${methodOf(found.method).english}${found.stage ? ` at ${found.stage}` : ""}, computed at ${found.computed_at.join(" × ")}`,
    `photo ${known.photo}${known.resize === "squash" ? ", squashed" : ""}, checkpoint ${known.checkpoint}, range ${low} to ${high}`,
  ];
}

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame @param {{shown: () => [Explanation, Trace, HTMLCanvasElement] | null, openCovered: () => void, onlyHere: () => string[]}} actions onlyHere: of `copyAddress` */
export function createSave(frame, { shown, openCovered, onlyHere }) {
  const { saveBlob, savePicture } = createDownloads(frame);
  const select = h(
    "select",
    { "aria-label": gettext("Save"), onchange: () => act() },
    h("option", { value: "" }, gettext("Save")),
    h("option", { value: "picture" }, gettext("Map as picture")),
    h("option", { value: "numbers" }, gettext("Numbers as JSON")),
    h("option", { value: "covered" }, gettext("Open the covered photo in Explore")),
    h("option", { value: "address" }, gettext("Copy the address")),
  );

  function act() {
    const [what, now] = [select.value, shown()];
    select.value = "";
    if (what === "covered") return openCovered();
    if (what === "address") return void copyAddress(frame, onlyHere());
    if (!now) return;
    const [found, trace, map] = now;
    const name = fileNameOf(`why-${trace.header.checkpoint.classes[found.target]}-${found.method}`);
    if (what === "picture") return savePicture(withCaption(map, caption(found, trace)), `${name}.png`);
    const content = JSON.stringify({ ...facts(found, trace), attribution: [...found.values] });
    saveBlob(new Blob([content], { type: "application/json" }), `${name}.json`);
  }
  return { element: h("label", { class: "pick" }, select), focus: () => select.focus() };
}

/** @param {HTMLCanvasElement} map @param {string[]} lines @returns {HTMLCanvasElement} */
function withCaption(map, lines) {
  const scale = 3;
  const canvas = Object.assign(document.createElement("canvas"), {
    width: map.width * scale,
    height: map.height * scale + 52,
  });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(map, 0, 0, map.width * scale, map.height * scale);
  context.fillStyle = "#000";
  context.font = "15px sans-serif";
  lines.forEach((line, i) => context.fillText(line, 6, map.height * scale + 20 + 22 * i, canvas.width - 12));
  return canvas;
}
