/** The checkpoint's pick and the menu behind it: what there is, in groups, and the network that can be fetched. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPopover } from "../lib/popover.js";
import { whenChanged } from "../lib/when_changed.js";
import { getJson } from "../server/api.js";
import { createCheckpointButton } from "./checkpoint_button.js";
import { groupsOf, isFound, MOST_LINES } from "./checkpoint_lines.js";
import { groupElement } from "./checkpoint_list.js";
import { createFetchLine } from "./fetch_line.js";
import { createMenuKeys } from "./menu_keys.js";
import { createNetworkArrival } from "./network_arrival.js";
import { networkFetch } from "./network_fetch.js";
import { keepCheckpoint, kept, refresh } from "./tab_memory.js";
import { chooseModelFile } from "./upload.js";

/** @typedef {import("../server/api.js").CheckpointEntry} CheckpointEntry */
/** @typedef {import("./checkpoint_lines.js").Group} Group */

const HINTS = [
  ["↑ ↓", gettext("network")],
  ["Enter", gettext("open")],
  ["A–Z", gettext("find")],
  ["Esc", gettext("close")],
];

/**
 * @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame
 * @param {{choose: (name: string) => void, refuse: (error: unknown) => void, fallback: string, label?: string, noteOf?: (entry: CheckpointEntry) => string}} page
 *   fallback: what is opened when the open one is removed; noteOf: what a line says besides, "" for nothing
 */
export function createCheckpointMenu(frame, { choose, refuse, fallback, label = "", noteOf = () => "" }) {
  const button = createCheckpointButton(label);
  const find = h("input", {
    type: "search",
    class: "form-control menu-find",
    placeholder: gettext("find a checkpoint"),
    "aria-label": gettext("Find a checkpoint"),
    autocomplete: "off",
    hidden: true,
    oninput: draw,
  });
  const list = h("div", { class: "menu-groups" });
  const fetchLine = createFetchLine({
    open: pick,
    isOpen: (name) => name === button.value,
    onBegin: () => arrival.onBegin(),
  });
  const elsewhere = elsewhereGroup(fetchLine.element);
  const grid = h("div", { role: "grid", class: "menu-grid", "aria-label": gettext("Checkpoints") }, list, elsewhere);
  const nothing = h("p", { class: "sentence menu-nothing", role: "status" });
  const panel = h(
    "div",
    {
      class: "checkpoint-menu",
      role: "dialog",
      "aria-label": gettext("Choose a checkpoint"),
      onkeydown: (/** @type {KeyboardEvent} */ event) => keys.onKey(event),
    },
    find,
    grid,
    nothing,
  );
  const popover = createPopover(button.element, panel, opened, closed);
  const keys = createMenuKeys({ grid, find, clear, ...lineActions(fetchLine) });
  /** @type {Set<string>} */
  const unfolded = new Set();

  // ---------------------------------------------------------------- opening and choosing
  function opened() {
    frame.setHints(HINTS);
    void networkFetch.look();
    void renew();
    draw();
    const line = /** @type {HTMLElement | null} */ (
      grid.querySelector("[role=row].open:not([hidden])") ?? keys.lines()[0] ?? null
    );
    requestAnimationFrame(() => line?.scrollIntoView({ block: "nearest" }));
    return line;
  }

  function closed() {
    frame.setHints(null);
    fetchLine.closed();
    find.value = "";
    unfolded.clear();
  }

  /** Runs go on while a page is open. */
  async function renew() {
    try {
      refresh(await getJson("start"));
    } catch (error) {
      refuse(error);
    }
    if (!panel.hidden) draw();
  }

  /** @param {string} name */
  function pick(name) {
    popover.close();
    if (name !== button.value) choose(name);
  }

  function openFile() {
    popover.close();
    chooseModelFile(frame, (entry) => (keepCheckpoint(entry), choose(entry.name)), refuse);
  }

  const arrival = createNetworkArrival(frame, {
    draw,
    renew,
    isShown: () => !panel.hidden,
    open: pick,
    onGone: (name) => void (button.value === name && choose(fallback)),
  });

  // ---------------------------------------------------------------- drawing
  function draw() {
    const wanted = { value: button.value, text: find.value, unfolded, noteOf };
    const entries = kept.checkpoints.filter(({ group }) => group !== "elsewhere");
    const groups = groupsOf(entries, wanted);
    find.hidden = !find.value && groups.flatMap(({ lines }) => lines).length <= MOST_LINES && focused() !== find;
    drawGroups(groups);
    fetchLine.draw();
    const title = networkFetch.known?.title ?? "";
    elsewhere.hidden = !title || !isFound(find.value, title);
    const isEmpty = !groups.length && elsewhere.hidden;
    nothing.hidden = !isEmpty;
    fill(nothing, isEmpty ? nothingFound(find.value, clear) : null);
  }

  const focused = () =>
    /** @type {HTMLElement | null} */ (/** @type {Document | ShadowRoot} */ (panel.getRootNode()).activeElement);

  /** Lines that stay as they are keep the focus; so does a line that is drawn anew. */
  const drawGroups = whenChanged(
    (/** @type {Group[]} */ groups) => [JSON.stringify(groups), find.value !== ""],
    (groups) => {
      const name = list.contains(focused()) ? focused()?.dataset.name : undefined;
      fill(
        list,
        groups.map((group, i) => groupElement(group, i === 0, find.value !== "", { pick, unfold, openFile })),
      );
      if (name !== undefined)
        keys
          .lines()
          .find((line) => line.dataset.name === name)
          ?.focus();
    },
  );

  function clear() {
    find.value = "";
    draw();
    keys.lines()[0]?.focus();
  }

  /** @param {string} run */
  function unfold(run) {
    const at = keys.lines().findIndex((line) => line.dataset.fold === run);
    unfolded.add(run);
    draw();
    keys.lines()[at]?.focus();
  }

  return {
    element: popover.element,
    button: button.element,
    open: popover.open,
    /** @param {string} value */
    update(value) {
      button.update(value);
      if (!panel.hidden) draw();
    },
    destroy() {
      arrival.destroy();
      popover.close(false);
    },
  };
}

/** @param {HTMLElement} line of the network that can be fetched */
function elsewhereGroup(line) {
  const head = h("span", { role: "columnheader" }, gettext("From elsewhere"));
  return h(
    "div",
    { class: "menu-elsewhere", role: "rowgroup" },
    h("div", { class: "menu-head", role: "row" }, head),
    line,
  );
}

/** What the keys do with a line: the one that can be fetched has more than one button. @param {ReturnType<typeof createFetchLine>} fetchLine */
function lineActions(fetchLine) {
  return {
    /** Go to what is in the line. @param {HTMLElement | null} line */
    enter(line) {
      if (line === fetchLine.element) fetchLine.enter();
      else line?.querySelector("button")?.focus();
    },
    /** @param {HTMLElement | null} line */
    press(line) {
      if (line === fetchLine.element) fetchLine.press();
      else (line?.querySelector("button") ?? line)?.click();
    },
  };
}

/** @param {string} text what was searched for @param {() => void} showAll */
function nothingFound(text, showAll) {
  return [
    gettext("No checkpoint here has “{text}” in its name.", { text }),
    " ",
    h("button", { type: "button", class: "link", onclick: showAll }, gettext("Show all")),
  ];
}
