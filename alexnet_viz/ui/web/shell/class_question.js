/** A question with its answers: to choose or to type, then what was right. */
import { fill, h, setText } from "../lib/dom.js";
import { typedNumber } from "../lib/format.js";
import { lesson } from "./class_store.js";
import { WORDS } from "./class_words.js";
import { readUrl } from "./url.js";

/** @typedef {import("./class_store.js").Question} Question */
/** @typedef {import("./class_store.js").Lesson} Lesson */

/** @returns {{element: HTMLElement, update: (state: Lesson, canAnswer: boolean) => void, choose: (index: number) => boolean}} */
export function createClassQuestion() {
  const element = h("div", { class: "board-question" });
  const own = h("p", { class: "board-own" });
  const count = h("p", { class: "board-count", role: "status" });
  let known = "";

  /** @param {Lesson} state @param {boolean} canAnswer */
  function update(state, canAnswer) {
    const { question } = state;
    element.hidden = !question;
    const { channel = "", place = "" } = readUrl(["channel", "place"]);
    const now = JSON.stringify([state.title, state.step, canAnswer, question && drawnOf(question, channel, place)]);
    if (now !== known) fill(element, question ? parts(question, channel, place) : []);
    known = now;
    if (!question) return;
    own.hidden = !canAnswer || question.own === null || Boolean(question.revealed || question.choices.length);
    setText(own, `${WORDS.yourAnswer}: ${question.own}`);
    setText(count, status(question, state));

    /** @param {Question} question @param {string} channel @param {string} place */
    function parts(question, channel, place) {
      return [
        h("p", { class: "board-ask" }, question.ask),
        question.hint && !question.revealed ? h("p", { class: "board-hint" }, question.hint) : null,
        question.revealed ? revealed(question) : answers(question, canAnswer, channel, place),
        own,
        count,
      ].flat();
    }
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

/**
 * What a question's parts are drawn from. While somebody types, what others answer draws nothing anew: it would take the
 * field from under their fingers.
 * @param {Question} question @param {string} channel @param {string} place
 */
function drawnOf(question, channel, place) {
  const { kind, choices, revealed, own } = question;
  return [
    { ...question, answered: 0, own: choices.length || revealed ? own : null },
    kind === "channel" ? channel : kind === "place" ? place : "",
  ];
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
  if (question.kind === "place" || question.kind === "channel") return pointed(question.kind, channel, place);
  return typing(question);
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
    const numbers = inputs.map((input) => typedNumber(input.value));
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
