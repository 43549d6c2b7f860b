/** The bar of a lesson at the lower edge of every page: what the teacher says and asks, and the way back to them. */
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { follow, forgetView, lead } from "./class_follow.js";
import { createClassQuestion } from "./class_question.js";
import { lesson } from "./class_store.js";
import { WORDS } from "./class_words.js";
import { PAGE_NAMES } from "./page_names.js";
import { ADDRESS_EVENT } from "./url.js";

/** @typedef {ReturnType<typeof import("./page_frame.js").createFrame>} Frame */

/** @param {KeyboardEvent} event */
function isForAField(event) {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  return event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input, select, textarea");
}

/** What the bar's keys do for a pupil just now. @param {import("./class_store.js").Lesson} state @param {boolean} isAlone @returns {string[][]} */
function keysOf({ phase, question }, isAlone) {
  if (isAlone) return [["B", WORDS.back]];
  return phase === "running" && question?.choices.length && !question.revealed ? [["1 … 6", WORDS.choose]] : [];
}

/** How often the class had been brought back when this tab looked last. */
let calls = -1;

/**
 * @param {Frame} frame
 * @param {{page: string, pages: {title: string, path: string}[], serving: boolean}} config
 */
export function createClassBar(frame, config) {
  const isTeachersPage = config.page === "Classroom";
  const isShown = config.serving || window.frameElement?.hasAttribute("data-lesson");
  if (!isShown && !isTeachersPage) return { destroy() {} };
  const status = h("p", { class: "board-text", role: "status" });
  const about = h("p", { class: "board-about" });
  const question = createClassQuestion();
  const leave = h(
    "button",
    { class: "button board-leave", type: "button", onclick: () => setAlone(true) },
    WORDS.exploreAlone,
  );
  const back = h(
    "button",
    { class: "button primary board-back", type: "button", onclick: () => setAlone(false) },
    WORDS.back,
  );
  const bar = h(
    "section",
    { class: "board-bar", "aria-label": gettext("Lesson"), hidden: true },
    about,
    status,
    question.element,
    h("div", { class: "row" }, leave, back),
  );
  const lost = h("p", { class: "board-lost", role: "status", hidden: true }, WORDS.lost);
  const blank = h("div", { class: "board-blank", role: "status", hidden: true });
  frame.root.append(lost);
  if (!isTeachersPage) {
    frame.presenter.element.after(bar);
    frame.root.append(blank);
  }
  let isLeading = false;
  let end = () => {};

  /** @param {boolean} alone */
  function setAlone(alone) {
    if (lesson.state) lesson.state.is_alone = alone;
    if (!alone) forgetView();
    lesson.send("alone", { alone }).catch(() => draw()); // without a connection the bar says so
    draw();
  }

  function drawLost() {
    lost.hidden = !lesson.isLost;
    frame.root.classList.toggle("board-away", lesson.isLost);
  }

  function draw() {
    const { state } = lesson;
    drawLost();
    if (!state || isTeachersPage) return;
    const isPupil = state.role === "class";
    markRoot(state, isPupil);
    if (isPupil) drawForPupil(state);
    else if (!isLeading) {
      isLeading = true;
      end = lead();
    }
    bar.hidden = !isPupil && !state.question;
    drawBar(state, isPupil, isPupil && state.is_alone);
    if (state.phase !== "over" && !(isPupil && state.is_alone)) follow();
  }

  /** @param {import("./class_store.js").Lesson} state @param {boolean} isPupil */
  function markRoot(state, isPupil) {
    const before = frame.root.className;
    frame.root.classList.add("in-class");
    frame.root.classList.toggle("is-pupil", isPupil);
    frame.root.classList.toggle("asks-channel", state.question?.kind === "channel");
    frame.root.classList.toggle("is-alone", isPupil && state.is_alone);
    // What was hidden has a size now: the wall of who explores alone on a phone.
    if (frame.root.className !== before) window.dispatchEvent(new Event("resize"));
  }

  /** @param {import("./class_store.js").Lesson} state */
  function drawForPupil(state) {
    if (calls >= 0 && state.calls > calls) {
      forgetView();
      frame.toast(WORDS.broughtBack);
    }
    calls = state.calls;
    blank.hidden = !state.is_blank || state.phase !== "running";
    setText(blank, blank.hidden ? "" : WORDS.blank);
  }

  /** @param {import("./class_store.js").Lesson} state @param {boolean} isPupil @param {boolean} isAlone */
  function drawBar(state, isPupil, isAlone) {
    bar.classList.toggle("alone", isAlone);
    const isRunning = state.phase === "running";
    const mode = isAlone ? WORDS.ownWay : WORDS.following;
    fill(
      about,
      isPupil && isRunning
        ? [h("b", {}, state.title), ` ${mode}`, state.square ? ` · ${WORDS.square(state.square)}` : ""]
        : [],
    );
    setText(status, isPupil ? sentence(state, isAlone) : "");
    question.update(isAlone || !isRunning ? { ...state, question: null } : state, isPupil);
    frame.setBarKeys(isPupil ? keysOf(state, isAlone) : []);
    leave.hidden = !isPupil || isAlone || state.phase === "before";
    setText(leave, isRunning ? WORDS.exploreAlone : WORDS.exploreFreely);
    back.hidden = !isAlone;
  }

  /** @param {import("./class_store.js").Lesson} state @param {boolean} isAlone */
  function sentence(state, isAlone) {
    if (state.phase === "before") return WORDS.before;
    if (state.phase === "over") return WORDS.over;
    if (!isAlone) return state.is_free ? `${state.text} ${WORDS.free}` : state.text;
    const page = PAGE_NAMES[config.pages.find(({ path }) => path === state.view.path)?.title ?? ""] ?? "";
    const where = [state.view.query.stage, state.view.query.channel && WORDS.channel(state.view.query.channel)]
      .filter(Boolean)
      .join(", ");
    const isWaiting = state.question && !state.question.revealed && state.question.own === null;
    return `${WORDS.classIsAt(page, where)}${isWaiting ? ` ${WORDS.waiting}` : ""}`;
  }

  /** The bar's keys go before the page's. @param {KeyboardEvent} event */
  function onKey(event) {
    const { state } = lesson;
    if (state?.role !== "class" || isForAField(event)) return;
    const isDigit = /^[1-6]$/.test(event.key) && !state.is_alone && question.choose(Number(event.key) - 1);
    const isBack = event.key.toLowerCase() === "b" && state.is_alone;
    if (isBack) setAlone(false);
    if (isDigit || isBack) event.stopImmediatePropagation();
  }

  window.addEventListener("keydown", onKey, true);
  window.addEventListener(ADDRESS_EVENT, draw);
  const unsubscribe = lesson.subscribe(draw);
  lesson.start();
  draw();
  return {
    destroy() {
      end();
      unsubscribe();
      window.removeEventListener("keydown", onKey, true);
      window.removeEventListener(ADDRESS_EVENT, draw);
    },
  };
}
