/** The sandbox: any kernel, stride and padding over a map of any size, what comes out, and every window drawn. */
import { createSpeaker, fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { consequence, countOf, startOf, sumText } from "./sliding.js";

/** @typedef {import("./sliding.js").Sliding} Sliding */

const FIELDS = /** @type {const} */ ([
  { key: "size", text: gettext("map"), least: 1, most: 256 },
  { key: "side", text: gettext("kernel"), least: 1, most: 32 },
  { key: "stride", text: gettext("stride"), least: 1, most: 16 },
  { key: "padding", text: gettext("padding"), least: 0, most: 16 },
]);
const BOX = 240; // of the drawing's own pixels, for map and padding
const MOST_LINES = 40; // values a side; more would be a grey area

/** @param {() => {name: string, sliding: Sliding} | null} chosen the stage that is selected on the page, as the sandbox begins */
export function createSandbox(chosen) {
  const button = h(
    "button",
    { class: "button", type: "button", title: gettext("Kernel, stride, padding → size") },
    gettext("Try a window"),
  );
  const inputs = FIELDS.map(({ key, text, least, most }) =>
    h("input", {
      type: "number",
      name: key,
      min: least,
      max: most,
      step: "1",
      required: true,
      "aria-label": text,
      oninput: () => read(),
    }),
  );
  const drawing = h("div", {
    class: "sandbox-drawing",
    tabindex: "0",
    role: "application",
    "aria-label": gettext("The windows: arrow keys go from one to the next"),
  });
  const sum = h("p", { class: "sandbox-sum", role: "status" });
  const words = h("p", { class: "sentence" });
  const place = h("p", { class: "note" });
  const beginning = h("span", { class: "quiet" });
  const speaker = createSpeaker();
  const panel = h(
    "div",
    { class: "sandbox", role: "dialog", "aria-label": gettext("A window that slides") },
    h("div", { class: "title-row" }, h("h3", {}, gettext("A window that slides")), beginning),
    h(
      "div",
      { class: "sandbox-fields" },
      FIELDS.map(({ text }, i) => h("label", {}, text, inputs[i])),
    ),
    sum,
    words,
    drawing,
    place,
    speaker.element,
  );
  const popover = createPopover(button, panel, begin);
  /** @type {Sliding} */
  let sliding = { size: 7, side: 3, stride: 2, padding: 1 };
  let at = { row: 0, column: 0 };

  function begin() {
    const stage = chosen();
    if (stage) sliding = stage.sliding;
    setText(beginning, stage ? gettext("begins as {stage}", { stage: stage.name }) : "");
    at = { row: 0, column: 0 };
    FIELDS.forEach(({ key }, i) => (inputs[i].value = String(sliding[key])));
    draw();
  }

  function read() {
    if (!inputs.every((input) => input.checkValidity())) {
      const wrong = FIELDS[inputs.findIndex((input) => !input.checkValidity())];
      return setText(
        sum,
        gettext("{field}: a whole number from {least} to {most}.", {
          field: wrong.text,
          least: wrong.least,
          most: wrong.most,
        }),
      );
    }
    sliding = /** @type {Sliding} */ (Object.fromEntries(FIELDS.map(({ key }, i) => [key, Number(inputs[i].value)])));
    draw();
  }

  function draw() {
    const count = countOf(sliding);
    at = { row: Math.max(0, Math.min(at.row, count - 1)), column: Math.max(0, Math.min(at.column, count - 1)) };
    setText(sum, sumText(sliding));
    setText(words, consequence(sliding));
    drawing.innerHTML = svg(sliding, at);
    fill(place, count ? placeWords() : "");
  }

  function placeWords() {
    const { side } = sliding;
    const rows = startOf(sliding, at.row);
    const columns = startOf(sliding, at.column);
    const values = {
      row: at.row,
      column: at.column,
      top: rows,
      bottom: rows + side - 1,
      left: columns,
      right: columns + side - 1,
      last: sliding.size - 1,
    };
    return gettext(
      "Row {row}, column {column} sees rows {top} to {bottom} and columns {left} to {right}; what lies outside 0 to {last} is padding.",
      values,
    ).replace(/-(\d)/g, "−$1");
  }

  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    at = { row: at.row + step[0], column: at.column + step[1] };
    draw();
    speaker.say(place.textContent ?? "");
  });
  drawing.addEventListener("pointermove", (event) => {
    const area = drawing.querySelector("[data-part=output]")?.getBoundingClientRect();
    const count = countOf(sliding);
    if (!area || !count) return;
    const [column, row] = [
      ((event.clientX - area.left) / area.width) * count,
      ((event.clientY - area.top) / area.height) * count,
    ].map(Math.floor);
    if (row < 0 || column < 0 || row >= count || column >= count) return;
    at = { row, column };
    draw();
  });
  return { element: popover.element, button };
}

/**
 * The map with its padding and every window at the left, what comes out at the right, at one scale; the chosen window in the marker's colour.
 * @param {Sliding} sliding @param {{row: number, column: number}} at
 * @returns {string}
 */
function svg(sliding, at) {
  const { size, side, stride, padding } = sliding;
  const count = countOf(sliding);
  const whole = size + 2 * padding;
  const unit = BOX / Math.max(whole, count);
  const left = BOX + 48;
  /** @param {number} x @param {number} y @param {number} width @param {string} kind @param {string} [more] */
  const square = (x, y, width, kind, more = "") =>
    `<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${width.toFixed(2)}" height="${width.toFixed(2)}" class="${kind}" ${more}/>`;
  /** @param {number} from @param {number} cells */
  const grid = (from, cells) =>
    cells > MOST_LINES
      ? ""
      : Array.from(
          { length: cells + 1 },
          (_, i) =>
            `<path class="cell" d="M${from + i * unit} 0V${cells * unit}M${from} ${i * unit}H${from + cells * unit}"/>`,
        ).join("");
  // One row and one column of windows say it all: the others repeat them.
  const along = Array.from({ length: count }, (_, i) => [
    square(i * stride * unit, at.row * stride * unit, side * unit, "window"),
    square(at.column * stride * unit, i * stride * unit, side * unit, "window"),
  ]).flat();
  const own = count
    ? square(at.column * stride * unit, at.row * stride * unit, side * unit, "own") +
      square(left + at.column * unit, at.row * unit, unit, "own")
    : "";
  const lines = count
    ? `<path class="join" d="M${(at.column * stride + side) * unit} ${(at.row * stride + side / 2) * unit}L${left + at.column * unit} ${(at.row + 0.5) * unit}"/>`
    : "";
  return `<svg viewBox="-2 -2 ${left + BOX + 4} ${BOX + 4}" width="${left + BOX + 4}" height="${BOX + 4}" aria-hidden="true">${square(0, 0, whole * unit, "padding")}${square(padding * unit, padding * unit, size * unit, "map")}${grid(0, whole)}${along.join("")}${count ? square(left, 0, count * unit, "map", 'data-part="output"') : ""}${grid(left, count)}${lines}${own}</svg>`;
}
