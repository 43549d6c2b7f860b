/** A link to any view with some of its controls hidden: for a worksheet, or for playing freely. */
import { h, setText } from "../lib/dom.js";
import { copy } from "../shell/copy_address.js";
import { CONTROLS, linkOf } from "../shell/free_play.js";
import { pageUrl } from "../shell/url.js";
import { WORDS } from "./words.js";

/** @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame */
export function createLinkPanel(frame) {
  const view = h("input", {
    type: "text",
    "aria-label": WORDS.linkView,
    spellcheck: "false",
    oninput: () => void ((isTyped = true), draw()),
  });
  const boxes = Object.entries(CONTROLS).map(([name, words]) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", value: name, onchange: draw }), words),
  );
  const link = h("a", { class: "link lesson-link-made", target: "_blank", rel: "noopener" });
  const problem = h("p", { class: "error-box", role: "status", hidden: true });
  const copyButton = h("button", { class: "button", type: "button", onclick: take }, WORDS.copyLink);
  const hide = h("fieldset", {}, h("legend", {}, WORDS.hide), boxes);
  const element = h(
    "details",
    { class: "lesson-link" },
    h("summary", {}, WORDS.makeLink),
    h("p", { class: "note" }, WORDS.linkHow),
    h("label", { class: "lesson-link-view" }, h("span", {}, WORDS.linkView), view),
    hide,
    problem,
    h("div", { class: "row" }, copyButton, link),
  );
  let isTyped = false;

  function draw() {
    const hidden = boxes
      .flatMap((box) => [...box.querySelectorAll("input")])
      .filter((input) => input.checked)
      .map(({ value }) => value);
    const made = linkOf(view.value.trim(), document.baseURI, hidden);
    problem.hidden = made !== null;
    setText(problem, made === null ? WORDS.noAddress : "");
    copyButton.disabled = made === null;
    link.hidden = made === null;
    setText(link, made ?? "");
    link.href = made ?? "";
  }

  async function take() {
    frame.toast((await copy(link.href, frame.root)) ? WORDS.linkCopied : WORDS.linkNotCopied);
  }

  return {
    element,
    /** The view that the class sees, until another is typed. @param {import("../shell/class_store.js").View} shown */
    update({ path, query }) {
      const url = pageUrl(path);
      url.search = new URLSearchParams(query).toString();
      if (isTyped || view.value === url.href) return;
      view.value = url.href;
      draw();
    },
  };
}
