/** The Classroom page: the teacher opens a lesson, walks through its steps, and sees what the class answers. */
import { fill, h, setText } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { getJson } from "../server/api.js";
import { lesson } from "../shell/class_store.js";
import { createAnswersPanel } from "./answers_panel.js";
import { createControls } from "./controls.js";
import { lessonKeys } from "./keys.js";
import { createLinkPanel } from "./link_panel.js";
import { createLiveCopy } from "./live_copy.js";
import { createNamesPanel } from "./names_panel.js";
import { createOverview } from "./overview.js";
import { createStepList } from "./step_list.js";
import { WORDS } from "./words.js";

/** @typedef {import("../shell/class_store.js").TeachersLesson} TeachersLesson */

/** @param {import("./overview.js").ListedLesson} listed */
const option = ({ name, title, problem }) => ({
  value: name,
  title: problem ? `${title} · ${WORDS.lostLesson}` : title,
});

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createClassroom(frame) {
  /** @type {import("./overview.js").ListedLesson[]} */
  let lessons = [];
  let isReading = true; // the list is on its way
  let opening = "";
  /** @type {{name: string, version: number} | null} the lesson that was open when the server was heard last */
  let before = null;
  const pick = createPick(WORDS.lesson, open);
  const steps = createStepList((step) => send("act", { step }));
  const copy = createLiveCopy();
  const answers = createAnswersPanel();
  const overview = createOverview(open);
  const names = createNamesPanel((unit, name) => send("chosen", { unit, name }));
  const linkPanel = createLinkPanel(frame);
  const problem = h("p", { class: "error-box", role: "alert", hidden: true });
  const note = h("p", { class: "sentence lesson-note" });
  const controls = createControls({
    act,
    allowTraining: (isAllowed) => void send("act", { train: isAllowed }),
  });
  const project = h("a", { class: "link", href: "./?present=1", target: "_blank", rel: "noopener" }, WORDS.project);
  const middle = h(
    "section",
    { class: "lesson-middle" },
    h("div", { class: "title-row" }, h("h2", {}, WORDS.sees), project),
    copy.element,
    controls.element,
    note,
  );
  // Whoever points has the page's keys at once: Space then reveals, and is not the last button once more.
  frame.main.addEventListener(
    "click",
    (event) => event.detail && /** @type {HTMLElement} */ (event.target).closest("button")?.blur(),
  );
  frame.main.className = "page classroom";
  answers.element.append(names.element);
  frame.main.replaceChildren(problem, overview.element, steps.element, middle, answers.element, linkPanel.element);
  for (const part of [steps.element, middle, answers.element]) part.hidden = true; // until it is known what is open
  frame.setActions(pick.element);
  frame.setSkip(gettext("To the lesson"), ".lesson-main button");
  const keys = lessonKeys(act, controls.canReveal);
  const help = { key: "?", does: gettext("this list"), keys: [], action: () => undefined };
  const showKeys = whenChanged(
    (/** @type {boolean} */ isOpen) => [isOpen],
    (isOpen) => frame.setShortcuts(isOpen ? [...keys, help] : [help]),
  );

  /** @param {string} name */
  function act(name) {
    void send("act", { act: name });
  }

  /** @param {string} name */
  async function open(name) {
    opening = name;
    draw();
    await send("lesson", { name });
    opening = "";
    draw();
  }

  /** @param {string} path @param {Record<string, unknown>} body */
  async function send(path, body) {
    try {
      await lesson.send(path, body);
      problem.hidden = true;
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} words */
  function say(words) {
    problem.hidden = false;
    setText(problem, words);
  }

  function draw() {
    const state = /** @type {TeachersLesson | null} */ (lesson.state);
    if (!state || state.role !== "teacher") return;
    if (before?.name && !state.lesson && state.version < before.version) say(WORDS.restarted);
    before = { name: state.lesson, version: state.version };
    pick.update([{ value: "", title: WORDS.choose }, ...lessons.map(option)], opening || state.lesson);
    const isOpen = state.lesson !== "";
    showKeys(isOpen);
    steps.update(state);
    answers.update(state);
    answers.element.hidden = !isOpen && !state.serving;
    names.element.hidden = !state.serving;
    names.update(state);
    overview.element.hidden = isOpen;
    overview.update(lessons, isReading, state.serving, opening);
    for (const part of [steps.element, middle]) part.hidden = !isOpen;
    copy.update(isOpen);
    linkPanel.update(state.view);
    controls.update(state);
    frame.setFacts(factsOf(state));
    fill(
      note,
      isOpen && state.list[state.step].note
        ? [state.list[state.step].note, " ", h("span", { class: "quiet" }, WORDS.onlyYou)]
        : [],
    );
  }

  const unsubscribe = lesson.subscribe(draw);
  getJson("class/lessons")
    .then(
      (answer) => (lessons = answer.lessons),
      (error) => say(error.message),
    )
    .finally(() => {
      isReading = false;
      draw();
    });
  draw();
  return {
    update: draw,
    destroy() {
      unsubscribe();
      copy.destroy();
    },
  };
}

/** What the footer says: whether the class may train, where there is one. @param {TeachersLesson} state */
function factsOf({ serving, may_train: mayTrain }) {
  return serving ? [WORDS.training(h("b", {}, mayTrain ? WORDS.on : WORDS.off))] : [];
}
