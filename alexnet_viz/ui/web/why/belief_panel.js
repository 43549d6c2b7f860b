/** The second column: the same on the untrained network, the curves' areas of every method, and the curves. */
import { brokenLine } from "../lib/broken_line.js";
import { fill, h, setText } from "../lib/dom.js";
import { similarities, similarity } from "../lib/format.js";
import { gettext, gettextNodes } from "../lib/language.js";
import { paintedMap } from "./map_panel.js";
import { ALIKE, likenessOf, METHODS, methodOf } from "./words.js";

/** @typedef {import("../server/explanations.js").Explanation} Explanation */

const POINTS = 21;
const MAPS = 10;

/** @param {(method: string) => void} onMethod */
export function createBeliefPanel(onMethod) {
  const passed = h("span", { class: "why-passed" });
  const pictures = h("div", { class: "why-pair" });
  const words = h("p", { class: "why-readout" });
  const table = h("table", { class: "why-table" });
  const element = h(
    "section",
    { class: "why-column", "aria-label": gettext("Can it be believed") },
    h("div", { class: "title-row why-head" }, h("h3", {}, gettext("Sanity check: the same, untrained")), passed),
    pictures,
    words,
    h(
      "div",
      { class: "title-row" },
      h("h3", {}, gettext("Which map can be believed")),
      h("span", { class: "note" }, gettext("areas under the curves")),
    ),
    table,
  );

  /** @param {(typeof METHODS)[number]} method @param {Explanation | undefined} found @param {boolean} isOn */
  function row({ value, text }, found, isOn) {
    const correlation = found ? likenessOf(found) : null;
    const alike = correlation !== null && correlation > ALIKE;
    const likeness = similarity(correlation);
    const cells = found
      ? [
          similarity(found.deletion),
          similarity(found.insertion),
          alike ? gettext("alike {correlation}", { correlation: likeness }) : likeness,
        ]
      : ["", "", ""];
    return h(
      "tr",
      { class: isOn ? "on" : "" },
      h(
        "th",
        { scope: "row" },
        h("button", { type: "button", "aria-pressed": String(isOn), onclick: () => onMethod(value) }, text),
      ),
      cells.map((cell, i) => h("td", { class: i === 2 && alike ? "warned" : found ? "" : "waiting" }, cell)),
    );
  }

  /** @param {import("./map_panel.js").MapView} v @param {Explanation | null} found judged @param {string} method */
  function drawSanity(v, found, method) {
    const likeness = found ? likenessOf(found) : null; // of a map without ranks nothing is told
    const alike = likeness !== null && likeness > ALIKE;
    setText(passed, likeness !== null ? (alike ? gettext("not passed") : gettext("✓ passed")) : "");
    passed.classList.toggle("warned", alike);
    const canvas = (/** @type {Float32Array | undefined} */ values, /** @type {string} */ name) => {
      const picture = values ? paintedMap(v, values) : h("canvas", { class: "why-slot", width: 1, height: 1 });
      picture.setAttribute("role", "img");
      picture.setAttribute(
        "aria-label",
        values
          ? gettext("{network}: the map of {method}", { network: name, method: methodOf(method).text })
          : gettext("{network}: not computed yet", { network: name }),
      );
      return h("figure", {}, picture, h("figcaption", { class: "note" }, name));
    };
    fill(
      pictures,
      canvas(v.found?.values, gettext("this network")),
      canvas(found?.untrained, found ? gettext("untrained, to its own maximum") : gettext("untrained")),
    );
    if (likeness === null) return fill(words);
    const correlation = h("b", {}, similarity(likeness));
    fill(
      words,
      alike
        ? gettextNodes("Rank correlation {correlation}: it looks the same untrained.", { correlation })
        : gettextNodes("Rank correlation {correlation}: it depends on what was learnt.", { correlation }),
    );
  }

  return {
    element,
    /** @param {import("./map_panel.js").MapView} v @param {Map<string, Explanation>} results by method @param {string} method */
    update(v, results, method) {
      drawSanity(v, results.get(method) ?? null, method);
      const random = [...results.values()][0];
      const spread = (/** @type {[number, number]} */ [mean, deviation]) =>
        `${similarity(mean)} ± ${similarity(deviation)}`;
      fill(
        table,
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [
              gettext("method"),
              gettext("covering, low is good"),
              gettext("uncovering, high is good"),
              gettext("like the untrained"),
            ].map((head) => h("th", { scope: "col" }, head)),
          ),
        ),
        h(
          "tbody",
          {},
          METHODS.map((each) => row(each, results.get(each.value), each.value === method)),
          h(
            "tr",
            { class: "quiet" },
            h("th", { scope: "row" }, gettext("random map, {maps} drawn", { maps: MAPS })),
            h("td", {}, random ? spread(random.random_deletion) : ""),
            h("td", {}, random ? spread(random.random_insertion) : ""),
            h("td", {}, ""),
          ),
        ),
      );
    },
  };
}

/**
 * p(target) against the share of the photo that is covered, or uncovered: the map, the mean of random maps, their band.
 * @param {Explanation} found @param {0 | 1} which covering, uncovering @param {string} target
 * @returns {HTMLElement}
 */
export function curve(found, which, target) {
  const [width, height, left, bottom] = [226, 114, 36, 20];
  const x = (/** @type {number} */ i) => left + (i / (POINTS - 1)) * (width - left - 10);
  const y = (/** @type {number} */ p) => 8 + (1 - p) * (height - bottom - 8);
  const indices = Array.from({ length: POINTS }, (_, i) => i);
  const random = (/** @type {number} */ i) =>
    Array.from({ length: MAPS }, (_, map) => found.random[(which * MAPS + map) * POINTS + i]);
  const line = (/** @type {(i: number) => number} */ at) =>
    indices.map((i) => `${x(i).toFixed(1)},${y(at(i)).toFixed(1)}`).join(" ");
  const broken = (/** @type {(i: number) => number} */ at, /** @type {string} */ name) =>
    brokenLine(
      indices.map((i) => ({ x: x(i), y: y(at(i)) })),
      `class="${name}"`,
    );
  const mean = (/** @type {number} */ i) => random(i).reduce((sum, value) => sum + value, 0) / MAPS;
  const band = `${line((i) => Math.max(...random(i)))} ${line((i) => Math.min(...random(i)))
    .split(" ")
    .reverse()
    .join(" ")}`;
  const ticks = [0, 0.5, 1].map(
    (p) =>
      `<line x1="${left}" x2="${width - 10}" y1="${y(p)}" y2="${y(p)}" class="rule"/><text x="${left - 5}" y="${y(p) + 4}" text-anchor="end">${p === 1 ? "100 %" : p * 100}</text>`,
  );
  const below = [0, 10, 20].map(
    (i) =>
      `<text x="${x(i)}" y="${height - 4}" text-anchor="${i === 20 ? "end" : "middle"}">${i === 20 ? "100 %" : i * 5}</text>`,
  );
  const [own, drawn] =
    which === 0 ? [found.deletion, found.random_deletion[0]] : [found.insertion, found.random_insertion[0]];
  const name =
    which === 0
      ? gettext("p({target}), covering", { target })
      : gettext("p({target}), uncovering a blurred photo", { target });
  const [area, randomArea] = similarities([own, drawn]);
  const { text: method } = methodOf(found.method);
  const holder = h("figure", { class: "why-curve" }, h("figcaption", {}, name));
  const drawing = h("div", {
    role: "img",
    "aria-label": gettext("{curve}: area {method} {own}, random {drawn}", {
      curve: name,
      method,
      own: area,
      drawn: randomArea,
    }),
  });
  drawing.innerHTML = `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${ticks.join("")}<polygon points="${band}" class="band"/>${broken(mean, "mean")}${broken((i) => found.curves[which * POINTS + i], "own")}${below.join("")}</svg>`;
  holder.append(
    drawing,
    h(
      "p",
      { class: "note" },
      gettextNodes("{own} · random {drawn}", { own: h("b", {}, `${method} ${area}`), drawn: randomArea }),
    ),
  );
  return holder;
}
