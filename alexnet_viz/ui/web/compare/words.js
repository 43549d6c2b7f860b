/** What the Compare page says; `alexnet_viz/compare/wording.py` says the same of photos and rates in the same words. */
import { count, groupOf, groupTitle, kindTitle, number, percent, percents, shape } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { strongest } from "../maps/ranking.js";

/** @typedef {import("../server/api.js").Trace} Trace */
/** @typedef {import("./difference.js").Comparison} Comparison */
/** @typedef {{a: Trace, b: Trace}} Traces */
/** @typedef {"channels" | "classes" | "units"} Unit */

/** @param {string} stage @returns {string} Block 2 ReLU; Block 2 pool; fc1 */
export function shortStage(stage) {
  if (!stage.includes(".")) return stage;
  return `${groupTitle(groupOf(stage))} ${stage.endsWith(".pool") ? gettext("pool") : kindTitle(stage)}`;
}

/** @param {Trace} trace @returns {string | null} the most probable class; null where the outputs are not numbers */
export function answerOf(trace) {
  return trace.header.has_answer ? trace.header.checkpoint.classes[strongest(trace.probabilities, 1)[0]] : null;
}

/** What both say of the photo. @param {string | null} first the answer of A, null where it gives none @param {string | null} second @returns {string} */
export function photoWords(first, second) {
  if (first === null && second === null)
    return gettext("On this photo neither A nor B gives an answer: their outputs are not numbers.");
  if (first === null)
    return gettext("On this photo A gives no answer, since its outputs are not numbers, and B says {second}.", {
      second: String(second),
    });
  if (second === null)
    return gettext("On this photo A says {first} and B gives no answer, since its outputs are not numbers.", { first });
  return first === second
    ? gettext("On this photo A and B both say {first}.", { first })
    : gettext("On this photo A says {first} and B says {second}.", { first, second });
}

/** "500 test pictures", "40 of your own pictures". @param {number} number @param {string} data title of the pictures @returns {string} */
export function picturesWords(number, data) {
  return data === gettext("your own pictures")
    ? gettext("{n} of your own pictures", { n: count(number) })
    : `${count(number)} ${data}`;
}

/** How often both are right and agree. @param {string} pictures "500 test pictures" @param {number} a @param {number} b @param {number} agreement shares of the pictures @returns {string} */
export function ratesWords(pictures, a, b, agreement) {
  const [second, first] = percents([b, a]);
  const rates =
    a === b
      ? gettext("On {pictures} A and B are right equally often, {first} of the time", { pictures, first })
      : gettext("On {pictures} B is right {second} of the time and A {first}", { pictures, first, second });
  if (agreement === 0) return gettext("{rates}; they give the same answer on none.", { rates });
  if (agreement === 1) return gettext("{rates}; they give the same answer on every one.", { rates });
  return gettext("{rates}; they give the same answer on {share}.", { rates, share: percent(agreement) });
}

/** @param {string} pictures @param {number} agreement @returns {string} */
export function sameWords(pictures, agreement) {
  if (agreement === 0) return gettext("On {pictures} A and B give the same answer on none.", { pictures });
  if (agreement === 1) return gettext("On {pictures} A and B give the same answer on every one.", { pictures });
  return gettext("On {pictures} A and B give the same answer on {share}.", { pictures, share: percent(agreement) });
}

/** What has to be known of both beside their answers. @param {Traces} traces @returns {string} */
function caveat({ a, b }) {
  if (a.header.checkpoint.digest === b.header.checkpoint.digest)
    return gettext("A and B are the same checkpoint: every difference is zero.");
  const untrained = [a.header.checkpoint.trained ? "" : "A", b.header.checkpoint.trained ? "" : "B"].filter(Boolean);
  if (untrained.length === 2) return gettext("Neither has been trained: their answers are chance.");
  return untrained.length
    ? gettext("{network} has not been trained: its answers are chance.", { network: untrained[0] })
    : "";
}

/** From this share of same answers on, another answer is worth an "although". */
const MOSTLY = 0.8;

/** How often both are right and agree, as it ships with them: of all test pictures. @param {import("./pair_loader.js").Pair} pair */
function shippedFigures({ shipped, right }) {
  const [a, b] = percents([right.a?.accuracy, right.b?.accuracy]);
  const same = percent(shipped?.agreement);
  return {
    kind: !right.a || !right.b ? "same" : a === b ? "equal" : "apart",
    figures: { a, b, same, images: count(shipped?.images ?? 0) },
  };
}

/** @param {import("./pair_loader.js").Pair} pair @returns {string} "" where nothing ships */
function shippedWords(pair) {
  if (!pair.shipped) return "";
  const { kind, figures } = shippedFigures(pair);
  if (kind === "same") return gettext("They give the same answer on {same} of {images} test pictures.", figures);
  if (kind === "equal")
    return gettext("They are both right on {a} of the test pictures and give the same answer on {same}.", figures);
  return gettext("They are right on {a} and {b} of the test pictures and give the same answer on {same}.", figures);
}

/** The same where it does not go with what they say of a photo. @param {string} said a sentence @param {import("./pair_loader.js").Pair} pair @returns {string} */
function althoughWords(said, pair) {
  const { kind, figures } = shippedFigures(pair);
  const values = { ...figures, said: said.slice(0, -1) };
  if (kind === "same")
    return gettext("{said}, although they give the same answer on {same} of {images} test pictures.", values);
  if (kind === "equal")
    return gettext(
      "{said}, although they are both right on {a} of the test pictures and give the same answer on {same}.",
      values,
    );
  return gettext(
    "{said}, although they are right on {a} and {b} of the test pictures and give the same answer on {same}.",
    values,
  );
}

/** What both say, and how that fits with what else is known of them. @param {import("./photo_panel.js").Arrived} arrived @param {import("./jobs.js").Found | null} found @param {{title: string}} data @returns {string} */
export function verdict({ traces, pair }, found, data) {
  const [said, but] = [photoWords(answerOf(traces.a), answerOf(traces.b)), caveat(traces)];
  if (found) return [said, but, measuredWords(found, data.title)].filter(Boolean).join(" ");
  if (!but && pair.shipped && pair.shipped.agreement >= MOSTLY && answerOf(traces.a) !== answerOf(traces.b))
    return althoughWords(said, pair);
  return [said, but || shippedWords(pair)].filter(Boolean).join(" ");
}

/** Who is right how often, once that has been measured. @param {import("./jobs.js").Found} found @param {string} data @returns {string} */
export function measuredWords({ answers, agreement, images }, data) {
  if (answers) return ofAnswers(answers, data);
  return agreement === null ? "" : sameWords(picturesWords(images, data), agreement);
}

/** @param {import("./jobs.js").Answers} answers @param {string} data */
function ofAnswers({ n, a, b, agreement }, data) {
  const pictures = picturesWords(n, data);
  const silent = [a.interval ? "" : "A", b.interval ? "" : "B"].filter(Boolean);
  if (silent.length > 1)
    return gettext("On {pictures} A and B give no answer: outputs that are not numbers are never right.", { pictures });
  if (silent.length)
    return gettext("On {pictures} {network} gives no answer: outputs that are not numbers are never right.", {
      pictures,
      network: silent[0],
    });
  return ratesWords(pictures, a.accuracy, b.accuracy, agreement);
}

/** What the channels of a stage are. @param {import("../server/api.js").Stage} stage @returns {Unit} */
export const unitsOf = ({ name, shape }) => (shape.length === 3 ? "channels" : name === "logits" ? "classes" : "units");

/** How large a stage is, in a heading. @param {import("../server/api.js").Stage} stage @returns {string} */
export function sizeWords(stage) {
  const n = count(stage.shape[0]);
  if (stage.shape.length === 3) return shape(stage.shape);
  return unitsOf(stage) === "classes"
    ? ngettext("{n} class", "{n} classes", stage.shape[0], { n })
    : ngettext("{n} unit", "{n} units", stage.shape[0], { n });
}

/** @param {number} shown @param {number} all @param {Unit} what */
function howMany(shown, all, what) {
  const [part, total] = [count(shown), count(all)];
  if (what === "channels")
    return shown === all
      ? gettext("All {total} channels", { total })
      : gettext("{part} of {total} channels", { part, total });
  if (what === "classes")
    return shown === all
      ? ngettext("The only class", "All {total} classes", all, { total })
      : gettext("{part} of {total} classes", { part, total });
  return shown === all ? gettext("All {total} units", { total }) : gettext("{part} of {total} units", { part, total });
}

/** @param {string} order */
const orderWords = (order) => (order === "index" ? gettext("by index") : gettext("most changed first"));

/** What a picture of the walls holds. @param {number} shown @param {number} total @param {string} order @param {Unit} what @returns {string} */
export function wallsWords(shown, total, order, what) {
  const all = howMany(shown, total, what);
  return `${all[0].toLowerCase()}${all.slice(1)}, ${orderWords(order)}`;
}

/** @param {Comparison} comparison @param {number} shown @param {string} order @param {Unit} what @param {number} poor those without a good partner @returns {string} */
export function countPairs(comparison, shown, order, what, poor) {
  const all = howMany(shown, comparison.shape[0], what);
  if (comparison.reason) return gettext("{channels} of A, by index.", { channels: all });
  if (comparison.changed === 0) return gettext("{channels}. None differs by more than rounding.", { channels: all });
  const left = comparison.change.reduce((sum, value) => sum + Number(value >= 0), 0) - comparison.changed;
  const same =
    left > 0 && poor === 0 ? ngettext("{n} does not differ.", "{n} do not differ.", left, { n: count(left) }) : "";
  const alone =
    poor > 0 ? ngettext("{n} has no good partner.", "{n} have no good partner.", poor, { n: count(poor) }) : "";
  return [`${all}, ${orderWords(order)}.`, same, alone].filter(Boolean).join(" ");
}

/** What the channels of a stage are called, where they are classes. @param {Trace} trace @param {{name: string}} stage */
export const classesOf = (trace, stage) => (stage.name === "logits" ? trace.header.checkpoint.classes : null);

/** @param {number} channel @param {number | null} partner @param {[number, number] | null} place @param {string[] | null} classes */
function placeWords(channel, partner, place, classes) {
  if (classes) return classes[channel];
  const named =
    partner === channel
      ? String(channel)
      : partner === null
        ? gettext("{channel} with none", { channel })
        : gettext("{channel} with {partner}", { channel, partner });
  return place
    ? gettext("ch {channel}, row {row}, col {column}", { channel: named, row: place[0], column: place[1] })
    : gettext("unit {channel}", { channel: named });
}

/** @param {Comparison} c @param {number} channel */
const partnerOf = (c, channel) => (c.partners && !c.reason ? c.partners[channel] : channel);

/**
 * What the pointer is at: where, and both values with their difference.
 * @param {Comparison} c @param {"a" | "b" | "difference"} side @param {import("../maps/wall.js").Place} place @param {number[] | null} otherShape B's own, where it stands apart
 * @param {string[] | null} classes of A, where the channels are classes
 * @returns {[string, string]}
 */
export function describePlace(c, side, { channel, row, column }, otherShape, classes = null) {
  const [, height, width] = side === "b" && c.reason && otherShape ? otherShape : c.shape;
  const at = (channel * height + row) * width + column;
  const partner = partnerOf(c, channel);
  const where = placeWords(channel, partner, height * width > 1 ? [row, column] : null, classes);
  if (c.reason) return [where, number((side === "b" ? c.b : c.a).values[at])];
  if (partner === null) return [where, gettext("A {a}, no partner in B", { a: number(c.a.values[at]) })];
  return [where, `A ${number(c.a.values[at])}, B ${number(c.b.values[at])}, B − A ${number(c.difference.values[at])}`];
}
