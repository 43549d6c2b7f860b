/** The ground under the strip's faces: the band that shrinks from one to the next, the line below, and from where on the network is altered. */
import { h, sizeCanvas } from "../lib/dom.js";
import { groupOf } from "../lib/format.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./strip.js").StripView} StripView */

/** The group of stages from which on the network is altered. @param {StripView} view @returns {string} "" where it is not */
export function alteredGroup({ trace, before }) {
  const first = before && Object.keys(trace?.header.altered?.change ?? {})[0];
  return first ? groupOf(first) : "";
}

/** @param {(isHeld: boolean) => void} onBefore the strip is to show the unaltered network for as long as a button is held */
export function createAlteredSign(onBefore) {
  const release = () => onBefore(false);
  const hold = h(
    "button",
    {
      type: "button",
      onpointerdown: () => onBefore(true),
      onpointerup: release,
      onpointerleave: release,
      onpointercancel: release,
    },
    h("kbd", {}, "V"),
    gettext("hold for before"),
  );
  return h("div", { class: "strip-altered", hidden: true }, h("b", {}, gettext("altered from here on")), hold);
}

/**
 * @param {HTMLCanvasElement} flow @param {HTMLElement} strip with the faces @param {HTMLElement} columns
 * @param {HTMLElement | undefined} last the prediction's column
 * @param {HTMLElement | undefined} altered the column from which on the network is altered @param {HTMLElement} sign that says so
 */
export function paintFlow(flow, strip, columns, last, altered, sign) {
  const area = columns.getBoundingClientRect();
  const { context, ratio } = sizeCanvas(flow, area.width, area.height);
  context.clearRect(0, 0, flow.width, flow.height);
  const styles = getComputedStyle(strip);
  const boxes = [...strip.querySelectorAll(".face canvas")].map((canvas) => canvas.getBoundingClientRect());
  if (!boxes.length) return;
  const line = (boxes[0].bottom - area.top) * ratio;
  context.fillStyle = styles.getPropertyValue("--flow");
  paintBand(context, boxes, area, line, ratio);
  const prediction = last?.getBoundingClientRect();
  context.fillStyle = styles.getPropertyValue("--line-strong");
  const end =
    prediction && Math.abs(prediction.top - area.top) < area.height ? prediction.left - area.left : area.width;
  context.fillRect(
    (boxes[0].left - area.left) * ratio,
    Math.round(line),
    (end - (boxes[0].left - area.left)) * ratio,
    Math.max(1, Math.round(ratio)),
  );
  sign.hidden = !altered;
  if (!altered) return;
  const from = altered.getBoundingClientRect().left - area.left;
  context.strokeStyle = styles.getPropertyValue("--warn");
  context.lineWidth = 3 * ratio;
  context.setLineDash([9 * ratio, 4 * ratio]);
  context.beginPath();
  context.moveTo(from * ratio, Math.round(line) + ratio);
  context.lineTo(end * ratio, Math.round(line) + ratio);
  context.stroke();
  sign.style.left = `${Math.min(from, end - sign.offsetWidth - 24)}px`;
}

/** The quiet band behind the faces: how space shrinks from one to the next. @param {CanvasRenderingContext2D} context @param {DOMRect[]} boxes of the faces @param {DOMRect} area @param {number} line its lower edge, in device pixels @param {number} ratio */
function paintBand(context, boxes, area, line, ratio) {
  for (let i = 0; i < boxes.length; i += 1) {
    const [left, right] = [
      (boxes[i].right - area.left) * ratio,
      ((boxes[i + 1]?.left ?? boxes[i].right + 120) - area.left) * ratio,
    ];
    context.beginPath();
    context.moveTo(left, (boxes[i].top - area.top) * ratio);
    context.lineTo(right, boxes[i + 1] ? (boxes[i + 1].top - area.top) * ratio : line - ratio);
    context.lineTo(right, line);
    context.lineTo(left, line);
    context.fill();
  }
}
