/** Over the test set: on which pictures, on how many of them, how far the comparison is, and what one's own zip holds. */
import { COUNTS } from "./state.js";
import { statusWords } from "./test_set_words.js";
import { fill, h, setText } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { whenChanged } from "../lib/when_changed.js";
import { uploadSummary } from "../shell/upload_summary.js";

/** @typedef {import("./test_set_panel.js").TestView} TestView */

/** @param {{set: (changes: {data?: string, count?: string}) => void, onStart: () => void, onCancel: () => void, onFolder: (file: File) => void}} actions */
export function createTestSetHead(actions) {
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
  const element = h(
    "div",
    { class: "test-head", hidden: true },
    dataPick.element,
    input,
    countPick.element,
    button,
    bar,
    words,
  );
  let chosen = "";

  return {
    elements: [element, summary],
    /** @param {TestView} v */
    update(v) {
      const { found, job, problem } = v.known;
      chosen = v.data.name;
      element.hidden = !v.dataSets.length; // they are on their way
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
      setText(words, problem || statusWords(v));
      drawSummary(v.upload);
    },
  };
}
