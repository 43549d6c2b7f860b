/** What the class has answered, who is where, and how to join. */
import { fill, h, setText } from "../lib/dom.js";
import { address } from "../server/api.js";
import { WORDS } from "./words.js";

/** @typedef {import("../shell/class_store.js").TeachersLesson} TeachersLesson */

export function createAnswersPanel() {
  const count = h("h2", {});
  const about = h("p", { class: "note" });
  const rows = h("ul", { class: "lesson-spread" });
  const right = h("p", { class: "lesson-right" });
  const following = h("span", { class: "note" });
  const squares = h("div", { class: "lesson-squares", role: "img" });
  const screens = h(
    "div",
    { class: "lesson-screens" },
    h("div", { class: "title-row" }, h("h3", {}, WORDS.screens), following),
    squares,
    h("p", { class: "note" }, WORDS.squares),
  );
  const join = h("div", { class: "lesson-join" });
  const table = h(
    "a",
    { class: "link", href: address("class/answers.csv").href, download: "answers.csv" },
    WORDS.table,
  );
  const element = h(
    "section",
    { class: "lesson-answers" },
    h("div", { role: "status" }, count),
    about,
    rows,
    right,
    table,
    screens,
    join,
    h("p", { class: "sentence" }, WORDS.photos),
  );
  let known = "";
  return {
    element,
    /** @param {TeachersLesson} state */
    update(state) {
      const { question } = state;
      count.hidden = table.hidden = !state.lesson;
      const isRevealed = Boolean(question?.revealed);
      setText(count, question ? WORDS.answers(question.answered, state.here) : WORDS.noQuestion);
      setText(about, question ? (isRevealed ? WORDS.shown : WORDS.hidden) : "");
      setText(right, question ? WORDS.right(state.right) : "");
      const most = Math.max(1, ...state.spread.map((row) => row.count));
      fill(
        rows,
        state.spread.map((row) =>
          h(
            "li",
            { class: row.right ? "correct" : "" },
            h("span", {}, row.answer),
            h("i", {}, h("i", { style: `width: ${(100 * row.count) / most}%` })),
            h("b", {}, row.count),
          ),
        ),
      );
      drawSquares(state.squares);
      screens.hidden = !state.serving;
      const joining = JSON.stringify([state.serving, state.code, state.address]);
      if (joining !== known) drawJoin(state);
      known = joining;
    },
  };

  /** @param {string[]} states */
  function drawSquares(states) {
    const alone = states.filter((each) => each === "alone").length;
    const here = states.filter((each) => each !== "away").length;
    const words = WORDS.following(here - alone, alone);
    setText(following, words);
    squares.setAttribute("aria-label", words);
    fill(
      squares,
      states.map((each) => h("i", { class: each })),
    );
  }

  /** @param {TeachersLesson} state */
  function drawJoin({ serving, code, address: place }) {
    if (!serving) return fill(join, h("p", { class: "sentence" }, WORDS.rehearsal));
    const picture = h("img", {
      src: address("class/picture.svg").href,
      alt: WORDS.picture,
      width: "99", // of 33 modules, whole pixels each
      height: "99",
    });
    fill(
      join,
      h("div", {}, h("p", { class: "note" }, WORDS.join), h("p", { class: "lesson-code" }, code), h("p", {}, place)),
      picture,
    );
  }
}
