/** The Why page: what in the photo speaks for a class, whether that can be believed, and what happens when it is covered. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createStrip } from "../maps/strip.js";
import { onlyInThisTab } from "../shell/copy_address.js";
import { recoverOwn } from "../shell/own_files.js";
import { kept, refresh } from "../shell/tab_memory.js";
import { createPageState } from "../shell/url_state.js";
import { houseTable } from "../shell/theme.js";
import { visit } from "../shell/url.js";
import { createAnswers } from "./answers.js";
import { rivalOf, targetOf } from "./target.js";
import { createBeliefPanel, curve } from "./belief_panel.js";
import { createCoverPanel } from "./cover_panel.js";
import { openCovered } from "./covered_photo.js";
import { factsOf } from "./facts.js";
import { createHead } from "./head.js";
import { whyKeys } from "./keys.js";
import { createMapPanel } from "./map_panel.js";
import { createMapSentence } from "./map_sentence.js";
import { createSave } from "./save.js";
import { createWhySlide } from "./slide.js";
import { follow, whyTable } from "./state.js";
import { createTopBar } from "./top_bar.js";
import { createWaitingBox } from "./waiting_box.js";

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
    onChange: () => answers.load(),
  });
  const answers = createAnswers(page, {
    onChange: draw,
    onPasses: drawWaiting,
    onWaiting: (words) => frame.setFacts([[words]]),
  });
  const { traces, load, refuse, tell, isChance, shownNow } = answers;

  // ---------------------------------------------------------------- parts
  const top = createTopBar(frame, { set: page.set, refuse, tell, fallback: config.checkpoint });
  const save = createSave(frame, {
    shown: () => (shownNow() && traces.value ? [/** @type {any} */ (shownNow()), traces.value, map.picture()] : null),
    openCovered: () => openCovered(cover.picture(), () => traces.value?.header.photo.title ?? "photo", refuse),
    onlyHere: () => onlyInThisTab(traces.value?.header),
  });
  const head = createHead(page.set, save.element);
  const words = createMapSentence({
    showUntrained: () => (page.set({ untrained: "shown" }), load()),
    choose: (method) => page.set({ method }),
  });
  const strip = createStrip(
    (stage) => visit("", { stage }),
    (target) => page.set({ target: String(target) }),
  );
  const waiting = createWaitingBox({ cancel: answers.cancel, goOn: load });
  const map = createMapPanel(
    (look) => page.set({ look }),
    (opacity) => page.set({ opacity }),
    head.stagePick.element,
    waiting.element,
    present,
  );
  const slide = createWhySlide(map);
  const belief = createBeliefPanel((method) => page.set({ method }));
  const cover = createCoverPanel({ say: refuse });
  const curves = h("div", { class: "why-curves" });
  frame.main.className = "page why";
  frame.main.replaceChildren(
    strip.element,
    h(
      "div",
      { class: "why-body" },
      head.element,
      words.element,
      h("div", { class: "why-columns" }, map.element, belief.element, coverColumn(cover.element, curves)),
    ),
  );
  frame.setSkip(gettext("To the map"), ".why-map");

  // ---------------------------------------------------------------- drawing
  function draw() {
    const { method, look, opacity } = page.state;
    const trace = traces.value;
    top.update(page.state);
    head.update(page.state, trace);
    drawWaiting();
    if (!trace) return frame.presenter.show(null);
    const { classes } = trace.header.checkpoint;
    const found = shownNow();
    const target = targetOf(trace, page.state);
    const v = { found: found ?? answers.lastOf(trace), trace, look, opacity: Number(opacity) / 100, theme: theme() };
    map.update(v, v.found !== null && !found);
    strip.update({
      trace,
      open: "logits",
      theme: v.theme,
      activation: houseTable(v.theme, false),
      signed: houseTable(v.theme, true),
      stale: traces.isStale,
      asked: target,
    });
    belief.update(v, isChance() ? new Map() : answers.results, method);
    cover.update(trace, /** @type {any} */ (traces.subject), target);
    if (found?.better !== undefined)
      fill(curves, curve(found, 0, classes[found.target]), curve(found, 1, classes[found.target]));
    else fill(curves);
    words.update({ found, others: [...answers.results.values()], classes, isChance: isChance() });
    frame.setFacts(factsOf(found, trace.header.device));
    present();
  }

  /** The map, one sentence on it or the value that is pointed at, the class and its rival. */
  function present() {
    const { method } = page.state;
    if (traces.value && frame.presenter.isOn)
      frame.presenter.show(
        slide.of({
          trace: traces.value,
          target: targetOf(traces.value, page.state),
          rival: rivalOf(traces.value, page.state),
          title: head.title,
          method,
          words: words.element,
          found: shownNow(),
          isAsking: answers.isAsking,
          theme: theme(),
        }),
      );
  }

  function drawWaiting() {
    waiting.update(answers.waiting);
  }

  // ---------------------------------------------------------------- keys
  frame.presenter.begin(draw);
  frame.setShortcuts(
    whyKeys({
      page,
      stages: head.stagePick.select,
      target: head.targetPick,
      versus: head.versusPick,
      brush: cover.focus,
      save: save.focus,
    }),
  );
  /** @param {KeyboardEvent} event */
  const onUndo = (event) => {
    if (!isUndo(event)) return;
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
      answers.destroy();
      cover.destroy();
      top.destroy();
    },
  };
}

/** @param {HTMLElement} byHand @param {HTMLElement} curves */
function coverColumn(byHand, curves) {
  const order = h("h3", { class: "why-order" }, gettext("Covered in the map's order, square by square"));
  return h("div", { class: "why-column" }, byHand, order, curves);
}

/** Ctrl Z, where no field has an undo of its own. @param {KeyboardEvent} event */
function isUndo({ target, ctrlKey, metaKey, key }) {
  const isTyping = target instanceof HTMLInputElement && ["text", "search"].includes(target.type);
  return (ctrlKey || metaKey) && key.toLowerCase() === "z" && !isTyping;
}
