/** What an uploaded zip holds, before anything is trained on it: its classes, its splits, and what is left out. */
import { h } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { gettext, ngettext } from "../lib/language.js";

/**
 * @typedef {{file: string, reason: string}} Skipped
 * @typedef {{folders: string[], use: string, images: number}} Split
 * @typedef {{data: string, name: string, classes: string[], images: number, per_class: Record<string, number>, splits: Split[], notes: string[], skipped: Skipped[], skipped_count: number}} Upload
 */

const SHOWN_CLASSES = 12;

/** @param {Upload} upload @returns {HTMLElement[]} */
export function uploadSummary(upload) {
  const classes = Object.entries(upload.per_class);
  const [shown, more] = [classes.slice(0, SHOWN_CLASSES), classes.slice(SHOWN_CLASSES)];
  return [
    h(
      "p",
      {},
      ngettext("{name}: {images} of {classes} class.", "{name}: {images} of {classes} classes.", classes.length, {
        name: upload.name,
        images: imageCount(upload.images),
        classes: count(classes.length),
      }),
    ),
    classList(shown),
    ...(more.length
      ? [
          h(
            "details",
            {},
            h("summary", {}, ngettext("{n} more class", "{n} more classes", more.length, { n: count(more.length) })),
            classList(more),
          ),
        ]
      : []),
    ...upload.splits.filter(({ images }) => images).map((split) => h("p", {}, splitWords(split))),
    ...upload.notes.map((note) => h("p", {}, note)),
    ...(upload.skipped_count ? [leftOut(upload)] : []),
  ];
}

/** @param {[string, number][]} classes */
function classList(classes) {
  return h(
    "ul",
    { class: "class-counts", "aria-label": gettext("Images of each class") },
    classes.map(([name, images]) => h("li", {}, name, " ", h("span", { class: "quiet" }, count(images)))),
  );
}

/** @param {number} n */
function imageCount(n) {
  return ngettext("{n} image", "{n} images", n, { n: count(n) });
}

/** @param {Split} split */
function splitWords({ folders, use, images }) {
  return gettext("{folders}: {images}, {use}.", { folders: folders.join(", "), images: imageCount(images), use });
}

/** @param {Upload} upload */
function leftOut({ skipped, skipped_count: total }) {
  const rest = total - skipped.length;
  return h(
    "details",
    {},
    h("summary", {}, gettext("{n} left out", { n: count(total) })),
    h(
      "ul",
      { class: "left-out", tabindex: "0", role: "group", "aria-label": gettext("What is left out, and why") },
      skipped.map(({ file, reason }) => h("li", {}, h("strong", {}, file), ` ${reason}`)),
      rest > 0 ? h("li", {}, gettext("and {n} more", { n: count(rest) })) : null,
    ),
  );
}
