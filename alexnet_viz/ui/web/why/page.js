/** The Why page: what in the photo speaks for a class, whether that can be believed, and what happens when it is covered. */
import { makeTable, rampAnchors } from "../lib/colour.js";
import { fill, h, setText } from "../lib/dom.js";
import { createLatest } from "../lib/latest.js";
import { createLongPick } from "../lib/long_pick.js";
import { createPick } from "../lib/picker.js";
import { createSegments } from "../lib/segments.js";
import { duration, stageTitle } from "../lib/format.js";
import { gettext, gettextNodes, ngettext } from "../lib/language.js";
import { createStrip } from "../maps/strip.js";
import { getTrace, inTurn, sendPhoto } from "../server/api.js";
import { createCheckpointMenu } from "../shell/checkpoint_menu.js";
import { onlyInThisTab } from "../shell/copy_address.js";
import { afterRefusal } from "../shell/fall_back.js";
import { recoverOwn } from "../shell/own_files.js";
import { keepCheckpoint, keepPhotos, kept, refresh } from "../shell/tab_memory.js";
import { createPageState } from "../shell/url_state.js";
import { tokens } from "../shell/theme.js";
import { visit } from "../shell/url.js";
import { createUpload, sendModelFile } from "../shell/upload.js";
import { rivalOf, stagesOf, targetOf } from "./asked.js";
import { createBeliefPanel, curve } from "./belief_panel.js";
import { createCoverPanel } from "./cover_panel.js";
import { whyKeys } from "./keys.js";
import { createMapPanel } from "./map_panel.js";
import { createQuestions } from "./questions.js";
import { createSave } from "./save.js";
import { createWhySlide } from "./slide.js";
import { follow, whyTable } from "./state.js";
import { createWaitingBox } from "./waiting_box.js";
import { better, methodOf, METHODS, sentence } from "./words.js";

/** @typedef {import("../server/api.js").Trace} Trace */

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{photos: import("../server/api.js").Photo[], checkpoints: import("../server/api.js").CheckpointEntry[], checkpoint: string}} config
 * @param {() => "light" | "dark"} theme
 */
export function createWhy(frame, config, theme) {
  refresh(config);
  const page = createPageState({
    name: "why",
    table: whyTable(config.checkpoint, () => kept.checkpoints),
    follow,
    onChange: load,
  });
  const traces = createLatest({
    ask: (/** @type {import("../server/api.js").Subject} */ subject, isWanted) =>
      inTurn(
        () => getTrace(subject),
        isWanted,
        (words) => frame.setFacts([[words]]),
      ),
    onAnswer: () => void (askWhy(), draw()),
    onRefused: (error) =>
      void afterRefusal(page, traces, error, {
        load,
        say: (said, mayRetry) => tell(/** @type {Error} */ (said).message, mayRetry),
      }),
  });
  const questions = createQuestions({ onArrival: draw, onPasses: drawWaiting, onRefused: refuse });
  /** @type {import("./waiting_box.js").Problem | null} */
  let problem = null;
  let isCancelled = false;

  const photoPick = createPick(gettext("photo"), (photo) => page.set({ photo }));
  const menu = createCheckpointMenu(frame, {
    choose: (checkpoint) => page.set({ checkpoint }),
    refuse,
    fallback: config.checkpoint,
  });
  const upload = createUpload(frame.root, {
    photos: () => kept.photos,
    onPick: (photo) => page.set({ photo: photo.id }),
    onPhotos: (photos, refused) => {
      keepPhotos(photos);
      if (photos.length) page.set({ photo: photos[0].id });
      if (refused.length) tell(refused.join(" "), false);
    },
    onModel: (file) =>
      sendModelFile(file, frame, (entry) => (keepCheckpoint(entry), page.set({ checkpoint: entry.name })), refuse),
  });
  frame.setActions(upload.button, photoPick.element, menu.element);

  const title = h("h2", {}, gettext("Why?"));
  const methods = createSegments(gettext("Method"), METHODS, (method) => page.set({ method }));
  const targetPick = createLongPick(gettext("target"), (target) => page.set({ target }));
  const versusPick = createLongPick(gettext("rather than"), (versus) => page.set({ versus }));
  const stagePick = createPick(gettext("stage"), (stage) => page.set({ stage }));
  const words = h("p", { class: "sentence", role: "status" });
  const strip = createStrip(
    (stage) => visit("", { stage }),
    (target) => page.set({ target: String(target) }),
  );
  const waiting = createWaitingBox({ cancel: () => void ((isCancelled = true), questions.cancel()), goOn: load });
  const map = createMapPanel(
    (look) => page.set({ look }),
    (opacity) => page.set({ opacity }),
    stagePick.element,
    waiting.element,
    present,
  );
  const slide = createWhySlide(map);
  const belief = createBeliefPanel((method) => page.set({ method }));
  const cover = createCoverPanel({ say: refuse });
  const curves = h("div", { class: "why-curves" });
  const save = createSave(frame, {
    shown: () => (shownNow() && traces.value ? [/** @type {any} */ (shownNow()), traces.value, map.picture()] : null),
    openCovered,
    onlyHere: () => onlyInThisTab(traces.value?.header),
  });
  frame.main.className = "page why";
  frame.main.replaceChildren(
    strip.element,
    h(
      "div",
      { class: "why-body" },
      h(
        "div",
        { class: "why-title" },
        title,
        methods.element,
        h("div", { class: "row" }, targetPick.element, versusPick.element, save.element),
      ),
      words,
      h(
        "div",
        { class: "why-columns" },
        map.element,
        belief.element,
        h(
          "div",
          { class: "why-column" },
          cover.element,
          h("h3", { class: "why-order" }, gettext("Covered in the map's order, square by square")),
          curves,
        ),
      ),
    ),
  );
  frame.setSkip(gettext("To the map"), ".why-map");

  // ---------------------------------------------------------------- state
  /** Another view is shown, or the same once more: what went wrong before is no problem of this one. */
  function load() {
    [isCancelled, problem] = [false, null];
    const { photo, checkpoint, resize } = page.state;
    void traces.want({ photo, checkpoint, resize });
    if (traces.value && !traces.isStale) askWhy();
    draw();
  }

  /** @param {unknown} error */
  function refuse(error) {
    tell(/** @type {Error} */ (error).message, true);
  }

  /** @param {string} words @param {boolean} mayRetry whether asking once more may help */
  function tell(words, mayRetry) {
    problem = { words, mayRetry };
    draw();
  }

  /** @returns {boolean} whether a map of an untrained network was not asked for */
  function isChance() {
    return traces.value !== null && !traces.value.header.checkpoint.trained && page.state.untrained !== "shown";
  }

  function askWhy() {
    const trace = traces.value;
    if (!trace || isChance() || isCancelled) return;
    const { photo, checkpoint, resize, stage, method } = page.state;
    const about = {
      target: targetOf(trace, page.state),
      versus: rivalOf(trace, page.state),
      stage: stage && stagesOf(trace, page.state).open,
    };
    questions.want({ photo, checkpoint, resize }, about, method);
  }

  /** @returns {import("../server/explanations.js").Explanation | null} */
  function shownNow() {
    return isChance() ? null : questions.map(page.state.method);
  }

  /** What was shown of another question stays until this one is answered. @param {Trace} trace */
  function lastOf(trace) {
    const { last, current } = questions;
    const isOnItsWay = traces.isStale || (questions.isAsking && current === page.state.method);
    if (isChance() || !last || !isOnItsWay) return null;
    return last.values.length === trace.header.input.size ** 2 && last.target < trace.header.checkpoint.classes.length
      ? last
      : null;
  }

  function openCovered() {
    const canvas = cover.picture();
    canvas.toBlob((blob) => {
      if (!blob) return;
      sendPhoto(blob, `${traces.value?.header.photo.title ?? "photo"}, covered.png`).then(
        (photo) => (keepPhotos([photo]), visit("", { photo: photo.id })),
        refuse,
      );
    });
  }

  // ---------------------------------------------------------------- drawing
  function draw() {
    const { photo, checkpoint, method, look, opacity } = page.state;
    photoPick.update(
      kept.photos.map(({ id, name }) => ({ value: id, title: name })),
      photo,
    );
    menu.update(checkpoint);
    methods.update(method);
    drawWaiting();
    const trace = traces.value;
    if (!trace) return frame.presenter.show(null);
    const { classes } = trace.header.checkpoint;
    const found = shownNow();
    const asked = targetOf(trace, page.state);
    drawHead(trace, asked);
    const v = { found: found ?? lastOf(trace), trace, look, opacity: Number(opacity) / 100, theme: theme() };
    map.update(v, v.found !== null && !found);
    const table = (/** @type {boolean} */ signed) =>
      makeTable(rampAnchors(tokens, "house", v.theme, signed), 1, signed);
    strip.update({
      trace,
      open: "logits",
      theme: v.theme,
      activation: table(false),
      signed: table(true),
      stale: traces.isStale,
      asked,
    });
    belief.update(v, isChance() ? new Map() : questions.results, method);
    cover.update(trace, /** @type {any} */ (traces.subject), asked);
    if (found?.verdict) fill(curves, curve(found, 0, classes[found.target]), curve(found, 1, classes[found.target]));
    else fill(curves);
    drawWords(found, classes);
    frame.setFacts([
      found ? tookOf(found) : [h("b", {}, trace.header.device)],
      [gettext("untrained: seed 0")],
      [gettext("random: 10 maps, grey band from lowest to highest")],
    ]);
    present();
  }

  /** The map, one sentence on it or the value that is pointed at, the class and its rival. */
  function present() {
    const { method } = page.state;
    if (traces.value && frame.presenter.isOn)
      frame.presenter.show(
        slide.of({
          trace: traces.value,
          asked: targetOf(traces.value, page.state),
          rival: rivalOf(traces.value, page.state),
          title,
          method,
          words,
          found: shownNow(),
          isAsking: traces.isWaiting || questions.isAsking,
          theme: theme(),
        }),
      );
  }

  /** @param {Trace} trace @param {number} asked */
  function drawHead(trace, asked) {
    const { classes } = trace.header.checkpoint;
    const { versus, method } = page.state;
    const rival = rivalOf(trace, page.state);
    const rather = rival === null ? "" : classes[rival];
    fill(
      title,
      trace.header.has_answer ? gettext("Why {target}?", { target: classes[asked] }) : gettext("Why?"),
      rather ? h("span", { class: "light" }, ` ${gettext("rather than {rival}", { rival: rather })}`) : null,
    );
    const options = classes.map((name, k) => ({ value: String(k), title: name }));
    targetPick.update(options, String(asked));
    versusPick.update(
      [{ value: "", title: gettext("none") }, ...options.filter(({ value }) => value !== String(asked))],
      rather ? versus : "",
    );
    const stages = stagesOf(trace, page.state);
    stagePick.update(
      stages.names.map((name) => ({ value: name, title: stageTitle(name) })),
      stages.open,
    );
    stagePick.element.hidden = method !== "grad-cam";
  }

  /** @param {import("../server/explanations.js").Explanation | null} found @param {string[]} classes */
  function drawWords(found, classes) {
    if (isChance()) {
      const show = () => (page.set({ untrained: "shown" }), load());
      return fill(
        words,
        `${gettext("This checkpoint has not been trained: a map would explain chance.")} `,
        h("button", { type: "button", class: "link", onclick: show }, gettext("Show it all the same")),
      );
    }
    if (!found) return setText(words, "");
    const more = better(found, [...questions.results.values()]);
    const offer = more
      ? [
          ` ${more.words} `,
          h(
            "button",
            { type: "button", class: "link", onclick: () => page.set({ method: more.method }) },
            gettext("Show it"),
          ),
        ]
      : [];
    const text = sentence(found, classes);
    if (words.dataset.text === text + (more?.words ?? "")) return;
    words.dataset.text = text + (more?.words ?? "");
    fill(words, text, ...offer);
  }

  function drawWaiting() {
    waiting.update({ problem, isCancelled, isAsking: questions.isAsking, passes: questions.passes });
  }

  // ---------------------------------------------------------------- keys
  frame.presenter.begin(draw);
  frame.setShortcuts(
    whyKeys({
      page,
      stages: stagePick.select,
      target: targetPick,
      versus: versusPick,
      brush: cover.focus,
      save: save.focus,
    }),
  );
  /** @param {KeyboardEvent} event */
  const onUndo = (event) => {
    const isTyping = event.target instanceof HTMLInputElement && ["text", "search"].includes(event.target.type); // which has its own
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || isTyping) return;
    event.preventDefault();
    cover.undo();
  };
  document.addEventListener("keydown", onUndo);
  void recoverOwn(page).then((gone) => {
    load();
    if (gone) tell(gone, false);
  });

  return {
    update: draw,
    destroy() {
      document.removeEventListener("keydown", onUndo);
      page.destroy();
      traces.end();
      questions.destroy();
      cover.destroy();
      upload.destroy();
      menu.destroy();
    },
  };
}

/** What the answer took. @param {import("../server/explanations.js").Explanation} found */
function tookOf({ method, passes, seconds }) {
  const told = ngettext("{method}, {passes} pass {time}", "{method}, {passes} passes {time}", passes);
  return gettextNodes(told, { method: methodOf(method).text, passes, time: h("b", {}, duration(seconds)) });
}
