/** A question with its answers: to choose or to type, then what was right. */
import { fill, h } from "../lib/dom.js";
import { lesson } from "./class_store.js";
import { WORDS } from "./class_words.js";
import { readUrl } from "./url.js";

/** @typedef {import("./class_store.js").Question} Question */
/** @typedef {import("./class_store.js").Lesson} Lesson */

/** @returns {{element: HTMLElement, update: (state: Lesson, canAnswer: boolean) => void, choose: (index: number) => boolean}} */
export function createQuestion() {
  const element = h("div", { class: "board-question" });
  let known = "";

  /** @param {Lesson} state @param {boolean} canAnswer */
  function update(state, canAnswer) {
    const { question } = state;
    element.hidden = !question;
    const { channel = "", place = "" } = readUrl(["channel", "place"]);
    const now = JSON.stringify([
      state.step,
      question,
      state.here,
      canAnswer,
      lesson.isPending,
      lesson.refusal,
      channel,
      place,
    ]);
    if (now === known) return;
    known = now;
    if (!question) return fill(element);
    const typed = [...element.querySelectorAll("input")].map((input) => input.value);
    fill(
      element,
      h("p", { class: "board-ask" }, question.ask),
      question.hint && !question.revealed ? h("p", { class: "board-hint" }, question.hint) : null,
      question.revealed ? revealed(question) : answers(question, canAnswer, channel, place),
      h("p", { class: "board-count", role: "status" }, status(question, state)),
    );
    const inputs = [...element.querySelectorAll("input")];
    if (element.dataset.step === String(state.step))
      inputs.forEach((input, index) => (input.value = typed[index] ?? ""));
    element.dataset.step = String(state.step);
  }

  return {
    element,
    update,
    /** @param {number} index @returns {boolean} whether there was such a choice */
    choose(index) {
      const button = /** @type {HTMLButtonElement | undefined} */ (
        element.querySelectorAll("button.board-choice")[index]
      );
      if (!button || button.disabled) return false;
      button.click();
      return true;
    },
  };
}

/** @param {Question} question @param {Lesson} state */
function status(question, state) {
  if (question.revealed) return "";
  const count = WORDS.answered(question.answered, state.here);
  if (lesson.refusal) return lesson.refusal;
  if (lesson.isPending && lesson.isLost) return WORDS.notSent;
  return question.own !== null ? `${WORDS.sent} ${count}` : count;
}

/** @param {Question} question @param {boolean} canAnswer @param {string} channel @param {string} place */
function answers(question, canAnswer, channel, place) {
  if (question.choices.length) {
    return h(
      "div",
      { class: "board-choices" },
      question.choices.map((choice, index) => {
        const isOwn = question.own === choice;
        return h(
          "button",
          {
            class: "board-choice",
            type: "button",
            disabled: !canAnswer,
            "aria-pressed": canAnswer ? String(isOwn) : false,
            onclick: () => lesson.answer(index),
          },
          choice,
          isOwn ? h("span", {}, WORDS.yourAnswer) : null,
        );
      }),
    );
  }
  if (!canAnswer) return null;
  const given = question.own === null ? null : h("p", { class: "board-own" }, `${WORDS.yourAnswer}: ${question.own}`);
  if (question.kind === "place" || question.kind === "channel") return [pointed(question.kind, channel, place), given];
  return [typing(question), given];
}

/** What is selected on the page is the answer. @param {string} kind @param {string} channel @param {string} place */
function pointed(kind, channel, place) {
  const value = kind === "place" ? place : channel;
  if (!value) return h("p", { class: "board-hint" }, kind === "place" ? WORDS.pointAtPlace : WORDS.selectChannel);
  const answer = kind === "place" ? place.split(",").map(Number) : Number(channel);
  return h(
    "button",
    { class: "board-choice", type: "button", onclick: () => lesson.answer(answer) },
    `${WORDS.answer}: ${kind === "place" ? WORDS.place(place) : WORDS.channel(channel)}`,
  );
}

/** @param {Question} question */
function typing(question) {
  const names = question.numbers === 3 ? WORDS.sides : [question.unit || WORDS.number];
  const inputs = names.map((name) =>
    h("input", {
      type: "text",
      inputmode: "decimal",
      "aria-label": name,
      placeholder: name,
      autocomplete: "off",
      required: true,
    }),
  );
  function submit(/** @type {Event} */ event) {
    event.preventDefault();
    const numbers = inputs.map((input) =>
      Number(
        input.value
          .trim()
          .replace(/[\s\u202f]/g, "")
          .replace(",", "."),
      ),
    );
    lesson.answer(numbers.length === 1 ? numbers[0] : numbers);
  }
  return h(
    "form",
    { class: "board-typing", onsubmit: submit },
    inputs,
    h("button", { class: "board-choice", type: "submit" }, WORDS.answer),
  );
}

/** @param {Question} question */
function revealed(question) {
  const { answer, explanation, spread } = /** @type {import("./class_store.js").Revealed} */ (question.revealed);
  const most = Math.max(1, ...spread.map(({ count }) => count));
  return [
    h("p", { class: "board-right" }, WORDS.right(answer), question.own === null ? "" : ` ${WORDS.own(question.own)}`),
    h(
      "ul",
      { class: "board-spread" },
      spread.map((row) =>
        h(
          "li",
          { class: row.answer === question.own ? "own" : "" },
          h("span", {}, `${row.right ? "✓ " : ""}${row.answer}`),
          h("i", { style: `width: ${(100 * row.count) / most}%` }),
          h("b", {}, row.count),
        ),
      ),
    ),
    h("p", { class: "board-explanation" }, explanation),
  ];
}
