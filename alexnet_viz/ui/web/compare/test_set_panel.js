/** "Test set": who is right how often, whether that can be chance, and on which pictures the two disagree. */
import { address } from "../server/api.js";
import { confusion, largestOf, reliability } from "./test_set_charts.js";
import { COUNTS } from "./state.js";
import { testRows } from "./tables.js";
import { badge } from "./walls.js";
import { waitingWords } from "./jobs.js";
import { makeTable, rampAnchors } from "../lib/colour.js";
import { fill, h, setText } from "../lib/dom.js";
import { count, duration, fixed, number, percent, percents } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { tokens } from "../shell/theme.js";
import { uploadSummary } from "../shell/upload_summary.js";

/** @typedef {import("./jobs.js").Answers} Answers */
/** @typedef {import("./jobs.js").Found} Found */
/** @typedef {import("./jobs.js").Scores} Scores */
/** @typedef {import("./data_sets.js").DataSet} DataSet */
/**
 * @typedef {{known: import("./pairing.js").Known, dataSets: DataSet[], data: DataSet, upload: import("../shell/upload_summary.js").Upload | null, count: string, theme: "light" | "dark", names: {a: string, b: string}}} TestView
 *   upload: what the zip holds that is chosen
 */

const SHOWN = 60; // pictures at first

/** @param {number} p @returns {string} */
export function chanceWords(p) {
  if (p > 0.995)
    return gettext("so uneven a split comes up between equals nearly every time, so the difference may be chance");
  if (p >= 0.05)
    return gettext(
      "so uneven a split comes up between equals in {share} of all cases, so the difference may be chance",
      { share: percent(p) },
    );
  if (p >= 0.001)
    return gettext(
      "between equals so uneven a split comes up in {share} of all cases, so the difference is hardly chance",
      { share: percent(p) },
    );
  if (p >= 1e-6)
    return gettext(
      "between equals so uneven a split comes up less than once in a thousand, so the difference is hardly chance",
    );
  return gettext(
    "between equals so uneven a split comes up less than once in a million, so the difference is hardly chance",
  );
}

/** McNemar's test in a sentence. @param {Answers} answers @returns {string} */
export function mcnemarWords({ mcnemar, n }) {
  const { only_a: a, only_b: b, p_value: p } = mcnemar;
  if (p === null) return ""; // one of them answers nothing
  if (a + b === 0) return gettext("A and B are right on the very same ones of the {n} pictures.", { n: count(n) });
  return ngettext(
    "B alone is right on {b} picture, A alone on {a}; {chance} (McNemar's exact test).",
    "B alone is right on {b} pictures, A alone on {a}; {chance} (McNemar's exact test).",
    b,
    { b: count(b), a: count(a), chance: chanceWords(p) },
  );
}

/** Who gives no answer, and how often. @param {Answers} answers @returns {string} */
function noAnswerWords({ a, b, n }) {
  const of = (/** @type {string} */ letter, /** @type {number} */ missing) =>
    missing
      ? `${gettext("{network} gives no answer for {missing} of {n} pictures: its outputs are not numbers.", { network: letter, missing: count(missing), n: count(n) })} `
      : "";
  return of("A", a.no_answer) + of("B", b.no_answer);
}

/** @param {{set: (changes: {data?: string, count?: string}) => void, onStart: () => void, onCancel: () => void, onOpen: (index: number) => void, onFolder: (file: File) => void}} actions */
export function createTestPanel(actions) {
  const input = h("input", {
    type: "file",
    accept: ".zip",
    class: "unseen",
    tabindex: "-1",
    "aria-label": gettext("A zip of class folders"),
    onchange: () => input.files?.[0] && actions.onFolder(input.files[0]),
  });
  const dataPick = createPick(gettext("data"), (data) => {
    if (data !== "+") return actions.set({ data });
    dataPick.select.value = chosen;
    input.click();
  });
  const countPick = createPick(gettext("pictures"), (value) => actions.set({ count: value }));
  const button = h("button", {
    class: "button primary",
    type: "button",
    onclick: () => (button.dataset.busy ? actions.onCancel() : actions.onStart()),
  });
  const bar = h("progress", { max: "1", "aria-label": gettext("Pictures compared") });
  const words = h("p", { class: "note", "aria-live": "polite" });
  const summary = h("div", { class: "form-note own-images" });
  const drawSummary = whenChanged(
    (/** @type {TestView["upload"]} */ upload) => [upload],
    (upload) => fill(summary, upload && uploadSummary(upload)),
  );
  const body = h("div", { class: "test-body" });
  const head = h(
    "div",
    { class: "test-head", hidden: true },
    dataPick.element,
    input,
    countPick.element,
    button,
    bar,
    words,
  );
  const element = h(
    "section",
    { class: "compare-test", "aria-label": gettext("Test set"), tabindex: "0", hidden: true },
    head,
    summary,
    body,
  );
  let drawn = "";
  let chosen = "";
  let shown = SHOWN;
  /** @type {TestView | null} */
  let view = null;

  /** @param {TestView} v @param {Found} found */
  function drawFound(v, found) {
    const { answers } = found;
    if (!answers) {
      const same =
        found.agreement === null
          ? ""
          : gettext("They give the same answer on {share} of {n} pictures.", {
              share: percent(found.agreement),
              n: count(found.images),
            });
      fill(body, h("p", { class: "sentence test-sentence" }, [found.remark, same].filter(Boolean).join(" ")));
      return;
    }
    fill(
      body,
      h("p", { class: "sentence test-sentence" }, `${noAnswerWords(answers)}${mcnemarWords(answers)}`),
      h(
        "div",
        { class: "test-columns" },
        scoresColumn(answers),
        matricesColumn(v, answers),
        calibrationColumn(answers),
      ),
      disagreements(v, answers),
    );
  }

  /** @param {TestView} v @param {Answers} answers */
  function disagreements(v, answers) {
    const list = h("div", { class: "disagreements" });
    const more = h(
      "button",
      { class: "button quiet", type: "button", onclick: () => ((shown += SHOWN), drawList()) },
      gettext("Show more"),
    );
    function drawList() {
      const part = answers.disagreements.slice(0, shown);
      fill(
        list,
        part.map((each) =>
          h(
            "button",
            {
              class: "disagreement",
              type: "button",
              title: gettext("Open it in “this photo”"),
              "aria-label": gettext("A {label}. A says {a}, {sure}; B says {b}, {other}. Open", {
                label: each.label,
                a: each.a,
                b: each.b,
                sure: percent(each.a_probability),
                other: percent(each.b_probability),
              }),
              onclick: () => actions.onOpen(each.index),
            },
            h("img", {
              src: address(`comparison/data/${v.data.name}/${each.index}.png`).href,
              alt: "",
              loading: "lazy",
              width: "64",
              height: "64",
            }),
            h(
              "span",
              { class: "disagreement-words", "aria-hidden": "true" },
              h("b", {}, each.label),
              says("A", each.a, each.a_probability, each.label),
              says("B", each.b, each.b_probability, each.label),
            ),
          ),
        ),
      );
      more.hidden = part.length === answers.disagreements.length;
    }
    drawList();
    const total = answers.disagreement_count;
    const some =
      answers.disagreements.length < total
        ? gettext("The {n} of them where both are surest.", { n: answers.disagreements.length })
        : gettext("The surest ones first.");
    const differently = gettext("They answer differently on {part} of {n} pictures.", {
      part: count(total),
      n: count(answers.n),
    });
    return h(
      "section",
      { "aria-label": gettext("Disagreements") },
      h("h3", {}, gettext("Where they disagree")),
      h("p", { class: "sentence" }, total ? `${differently} ${some}` : differently),
      list,
      more,
    );
  }

  /** @param {TestView} v */
  function drawHead(v) {
    const { found, job, problem } = v.known;
    chosen = v.data.name;
    head.hidden = !v.dataSets.length; // they are on their way
    dataPick.update(
      [
        ...v.dataSets.map(({ name, title, images }) => ({ value: name, title: `${title}, ${count(images)}` })),
        { value: "+", title: gettext("your own class folders (.zip)…") },
      ],
      v.data.name,
    );
    countPick.update(
      COUNTS.filter(
        (value, i) => i === 0 || Number(value) <= v.data.images || Number(COUNTS[i - 1]) < v.data.images,
      ).map((value) => ({
        value,
        title:
          Number(value) >= v.data.images
            ? gettext("all {n}", { n: count(v.data.images) })
            : gettext("the first {n}", { n: count(Number(value)) }),
      })),
      v.count,
    );
    button.hidden = Boolean(found) && !job;
    button.dataset.busy = job ? "true" : "";
    button.classList.toggle("primary", !job && !v.data.remark);
    setText(
      button,
      job
        ? gettext("Cancel")
        : v.data.remark
          ? gettext("Compare the stages alone")
          : gettext("Compare on these pictures"),
    );
    bar.hidden = !job;
    if (job) bar.value = job.done / job.total;
    setText(words, problem || status(v));
    drawSummary(v.upload);
  }

  return {
    element,
    /** @returns {import("../lib/csv.js").Cell[][] | null} */
    table: () => (view?.known.found ? testRows(view.known.found, view.names, view.data.title) : null),
    /** @param {TestView} v */
    update(v) {
      view = v;
      drawHead(v);
      const { found } = v.known;
      const key = JSON.stringify([
        v.names,
        v.data.name,
        v.data.remark,
        v.count,
        v.theme,
        found?.seconds,
        found?.answers?.mcnemar,
      ]);
      if (key === drawn) return;
      drawn = key;
      shown = SHOWN;
      if (found) drawFound(v, found);
      else fill(body, v.data.remark ? h("p", { class: "sentence test-sentence" }, v.data.remark) : null);
    },
  };
}

/** @param {TestView} v @returns {string} */
function status({ known: { found, job }, data }) {
  if (job) return waitingWords(job, data.title);
  if (found)
    return `${gettext("{n} pictures in {time}.", { n: count(found.images), time: duration(found.seconds) })} ${found.learnt_words || gettext("Neither A nor B learnt from any of them.")}`;
  return gettext(
    "Only pictures that neither network learnt from count. Both look at each once; the page stays usable.",
  );
}

/** @param {string} letter @param {string} answer @param {number} probability @param {string} label */
function says(letter, answer, probability, label) {
  return h(
    "span",
    { class: answer === label ? "right-answer" : "" },
    `${letter} ${answer === label ? "✓" : "✗"} ${answer} ${percent(probability)}`,
  );
}

/** @param {Answers} answers */
function scoresColumn(answers) {
  const rows = /** @type {["A" | "B", Scores][]} */ ([
    ["A", answers.a],
    ["B", answers.b],
  ]);
  const shares = percents(rows.map(([, { accuracy }]) => accuracy));
  return h(
    "section",
    { "aria-label": gettext("Accuracy") },
    h("h3", {}, gettext("Accuracy, with its 95 % interval")),
    rows.map(([letter, { accuracy, interval }], i) => {
      if (!interval)
        return h(
          "div",
          { class: "accuracy" },
          badge(letter),
          h("b", { class: "no-answer" }, gettext("its outputs are not numbers")),
        );
      const [low, high] = interval;
      return h(
        "div",
        { class: "accuracy" },
        badge(letter),
        h("b", {}, shares[i]),
        h(
          "span",
          {
            class: "accuracy-track",
            role: "img",
            "aria-label": gettext("from {low} to {high}", { low: percent(low), high: percent(high) }),
          },
          h("span", { class: "accuracy-chance", style: `left:${answers.chance * 100}%` }),
          h("span", { class: "accuracy-bar", style: `left:${low * 100}%;width:${(high - low) * 100}%` }),
          h("span", { class: `dumbbell-end ${letter === "A" ? "ring" : "disc"}`, style: `left:${accuracy * 100}%` }),
        ),
        h("span", { class: "note" }, gettext("{low} to {high}", { low: percent(low), high: percent(high) })),
      );
    }),
    h(
      "p",
      { class: "note" },
      gettext("The thin line: chance, {chance}, which who always names the most frequent class gets.", {
        chance: percent(answers.chance),
      }),
    ),
    h(
      "table",
      { class: "per-class" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          [gettext("class"), gettext("pictures"), "A", "B", "B − A"].map((title, i) =>
            h("th", { class: i ? "right" : "", scope: "col" }, title),
          ),
        ),
      ),
      h(
        "tbody",
        {},
        answers.per_class.map((row) =>
          h(
            "tr",
            {},
            h("td", {}, row.class),
            h("td", { class: "right" }, row.count),
            percents([row.a, row.b]).map((share) => h("td", { class: "right" }, share)),
            h("td", { class: "right" }, row.difference === null ? "–" : points(row.difference)),
          ),
        ),
      ),
    ),
  );
}

/** Percentage points with their sign: "0" where there is no difference. @param {number} difference @returns {string} */
export function points(difference) {
  const words = fixed(100 * difference, Math.abs(difference) < 0.0095 ? 1 : 0);
  return difference > 0 && /^\d/.test(words) ? `+${words}` : words;
}

/** @param {TestView} v @param {Answers} answers */
function matricesColumn(v, answers) {
  const table = (/** @type {boolean} */ signed) => makeTable(rampAnchors(tokens, "house", v.theme, signed), 1, signed);
  const end = largestOf(answers.a.confusion, answers.b.confusion);
  const shared = { low: 0, high: end, clippedLow: false, clippedHigh: false };
  const change = Math.max(1, ...answers.confusion_difference.flat().map(Math.abs));
  const both = { ...shared, low: -change, high: change };
  const of = (
    /** @type {Node[]} */ title,
    /** @type {string} */ name,
    /** @type {number[][]} */ matrix,
    /** @type {boolean} */ signed,
  ) =>
    h(
      "figure",
      {},
      h("h3", {}, title),
      confusion(matrix, answers.classes, signed ? both : shared, table(signed), name),
      h(
        "figcaption",
        { class: "note" },
        signed
          ? gettext("−{n} to {n} pictures", { n: count(change) })
          : gettext("0 to {n} pictures", { n: count(end) }),
      ),
    );
  return h(
    "section",
    { "aria-label": gettext("Confusion matrices") },
    h(
      "p",
      { class: "note" },
      gettext("Rows: the true class, {first} to {last}; columns: the answer. One range for A and B.", {
        first: answers.classes[0],
        last: answers.classes[answers.classes.length - 1],
      }),
    ),
    h(
      "div",
      { class: "matrices" },
      of([badge("A")], "A", answers.a.confusion, false),
      of([badge("B")], "B", answers.b.confusion, false),
      of([badge("B"), h("span", { class: "quiet" }, " − "), badge("A")], "B − A", answers.confusion_difference, true),
    ),
  );
}

/** @param {Answers} answers */
function calibrationColumn({ a, b }) {
  return h(
    "section",
    { "aria-label": gettext("Calibration") },
    h("h3", {}, gettext("Calibration")),
    h("p", { class: "note" }, gettext("Across: how sure the answer is. Up: how often it is right.")),
    reliability(a, b, 284, 200),
    h(
      "p",
      { class: "sentence" },
      gettext(
        "On average the probabilities of A are off by {a}, those of B by {b} (expected calibration error; loss {first} and {second}).",
        { a: percent(a.ece), b: percent(b.ece), first: number(a.loss, 4), second: number(b.loss, 4) },
      ),
    ),
  );
}
