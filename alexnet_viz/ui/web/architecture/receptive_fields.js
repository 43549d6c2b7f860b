/** Nested receptive fields on the photo: what the unit in the middle of each stage sees. */
import { placeLabels } from "./label_places.js";
import { centreField, isPlaced } from "./rows.js";
import { paintPicture } from "./tensor_painting.js";
import { fill, h, setText, sizeCanvas } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./tensor_painting.js").Picture} Picture */
/** @typedef {import("./label_places.js").Box} Box */
/**
 * @typedef {{rows: Row[], size: number, picture: Picture | null, photo: string, pointed: string, key: string,
 *   covers: ReturnType<typeof import("./covers.js").createCovers>}} FieldsView
 */

const SMALL = 60; // CSS pixels: a smaller box cannot hold its label
const DIMMED = 60; // input pixels: from here on the rest of the photo is dimmed

/**
 * @param {{onPoint: (stage: string | null) => void, onSelect: (stage: string) => void}} actions
 */
export function createReceptiveFields(actions) {
  const subject = h("span", {}, gettext("What one unit sees"));
  const place = h("span", { class: "quiet" }, gettext("at the centre of each stage"));
  const title = h("h3", {}, subject, " ", place);
  const canvas = h("canvas", { class: "fields-photo" });
  const boxes = h("div", { class: "fields-boxes", "aria-hidden": "true" });
  const stack = h("div", { class: "fields-stack" }, canvas, boxes);
  const sentence = h("p", { class: "sentence" });
  const element = h("section", { class: "fields", "aria-label": gettext("Receptive fields") }, title, stack, sentence);
  /** @type {{row: Row, box: Box, element: HTMLElement, label: HTMLElement, text: string, cut: boolean}[]} largest first */
  let fields = [];
  let built = "";

  /** @param {PointerEvent | MouseEvent} event @returns {string | null} the smallest field under the pointer, by its label first */
  function under(event) {
    const area = stack.getBoundingClientRect();
    const [x, y] = [event.clientX - area.left, event.clientY - area.top];
    const named = fields.find(({ label }) => {
      const own = label.getBoundingClientRect();
      return (
        !label.hidden &&
        event.clientX >= own.left &&
        event.clientX < own.right &&
        event.clientY >= own.top &&
        event.clientY < own.bottom
      );
    });
    const inside = fields.filter(({ box }) => x >= box.left && x < box.right && y >= box.top && y < box.bottom);
    return named?.row.stage ?? inside[inside.length - 1]?.row.stage ?? null;
  }
  stack.addEventListener("pointermove", (event) => actions.onPoint(under(event)));
  stack.addEventListener("pointerleave", () => actions.onPoint(null));
  stack.addEventListener("click", (event) => {
    const stage = under(event);
    if (stage) actions.onSelect(stage);
  });

  /** @param {FieldsView} view */
  function build(view) {
    const side = stack.clientWidth;
    const scale = side / view.size;
    const { context } = sizeCanvas(canvas, side, side);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (view.picture) paintPicture(context, view.picture, canvas.width, canvas.height);
    fields = view.rows.filter(isPlaced).map((row) => {
      const { unit, field } = centreField(row, view.size);
      const { seen } = field;
      const box = {
        left: seen.left * scale,
        top: seen.top * scale,
        right: (seen.right + 1) * scale,
        bottom: (seen.bottom + 1) * scale,
      };
      const cut = ["left", "top", "right", "bottom"].filter(
        (edge) => field[/** @type {keyof Box} */ (edge)] !== seen[/** @type {keyof Box} */ (edge)],
      );
      const isSmall = box.right - box.left < SMALL;
      const outline = h("div", {
        class: ["field-box", ...cut.map((edge) => `cut-${edge}`)].join(" "),
        "data-stage": row.stage,
        style: `left:${box.left}px;top:${box.top}px;width:${box.right - box.left}px;height:${box.bottom - box.top}px`,
      });
      const label = h(
        "span",
        { class: isSmall ? "field-label bare" : "field-label" },
        row.name,
        " ",
        view.covers.still(`${row.stage}:field`, String(row.layer.receptive_field)),
        cut.length ? `, ${gettext("clipped")}` : "",
      );
      const isOpen = view.covers.isOpen(`${row.stage}:field`);
      const text = isOpen
        ? gettext("row {row}, column {column}: pixels {first}–{last}", {
            row: unit,
            column: unit,
            first: seen.top,
            last: seen.bottom,
          })
        : gettext("row {row}, column {column}", { row: unit, column: unit });
      return { row, box, element: outline, label, text, cut: cut.length > 0 };
    });
    fields.reverse();
    fill(
      boxes,
      fields.map((field) => field.element),
      fields.map((field) => field.label),
    );
    placeAll(side);
    const descriptions = [...fields]
      .reverse()
      .map((field) => [field.row.name, field.text, field.cut && gettext("clipped")].filter(Boolean).join(", "));
    canvas.setAttribute("role", "img");
    canvas.setAttribute(
      "aria-label",
      `${gettext("{photo}, with what the unit in the middle of each stage sees.", { photo: view.photo })} ${descriptions.join("; ")}`,
    );
  }

  /** @param {number} side */
  function placeAll(side) {
    const wanted = fields.map(({ box, label }) => ({
      box,
      width: label.offsetWidth,
      height: label.offsetHeight,
      beside: label.classList.contains("bare"),
    }));
    placeLabels(wanted, side).forEach((spot, i) => {
      const { label } = fields[i];
      label.hidden = !spot;
      if (spot) label.style.transform = `translate(${spot.left}px, ${spot.top}px)`;
    });
  }

  return {
    element,
    sentence,
    /** @param {FieldsView} view */
    update(view) {
      const key = [
        view.key,
        view.size,
        view.rows.map((row) => row.layer.receptive_field + row.layer.start),
        stack.clientWidth,
        window.devicePixelRatio,
        view.covers.signature,
      ].join();
      if (key !== built) build(view);
      built = key;
      const on = fields.find(({ row }) => row.stage === view.pointed);
      for (const field of fields) {
        for (const part of [field.element, field.label]) {
          part.classList.toggle("on", field === on);
          part.classList.toggle("off", on !== undefined && field !== on);
        }
        field.element.classList.toggle("dims", field === on && field.row.layer.receptive_field >= DIMMED);
      }
      const whole = view.rows.find((row) => row.stage === view.pointed && !isPlaced(row));
      stack.classList.toggle("whole", whole !== undefined);
      const named = on?.row ?? whole;
      setText(
        subject,
        named ? gettext("What one unit of {stage} sees", { stage: named.name }) : gettext("What one unit sees"),
      );
      setText(place, on ? on.text : whole ? gettext("all of it") : gettext("at the centre of each stage"));
    },
  };
}
