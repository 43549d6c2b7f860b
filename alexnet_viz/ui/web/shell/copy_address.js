/** The page's address for another tab or person, with a word on what it cannot give them. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { isOwnCheckpoint, isOwnData } from "./tab_memory.js";

/**
 * @param {Pick<import("../server/api.js").TraceHeader, "photo" | "checkpoint"> | undefined} header
 * @param {string} [data] the image set that is looked through
 * @returns {string[]} what the address of this view cannot give to another tab
 */
export function onlyInThisTab(header, data = "") {
  if (!header) return [];
  const { photo, checkpoint } = header;
  return [
    photo.gallery ? "" : gettext("photo {title}", { title: photo.title }),
    isOwnCheckpoint(checkpoint.name) ? gettext("checkpoint {title}", { title: checkpoint.title }) : "",
    isOwnData(data) ? gettext("zip of images") : "",
  ].filter(Boolean);
}

/** @param {ReturnType<typeof import("./page_frame.js").createFrame>} frame @param {string[]} onlyHere "photo garden.jpg" */
export async function copyAddress(frame, onlyHere) {
  const isCopied = await copy(location.href, frame.root);
  const missing = onlyHere.length ? ` ${missingWords(onlyHere)}` : "";
  frame.toast(
    isCopied
      ? gettext("Address copied.") + missing
      : gettext("The browser does not let a page copy; take the address from its own bar."),
  );
}

/** @param {string[]} onlyHere */
function missingWords([first, second, third]) {
  if (third)
    return gettext(
      "The {first}, the {second} and the {third} are only in this tab: elsewhere the address opens without.",
      { first, second, third },
    );
  if (second)
    return gettext("The {first} and the {second} are only in this tab: elsewhere the address opens without.", {
      first,
      second,
    });
  return gettext("The {first} is only in this tab: elsewhere the address opens without.", { first });
}

/** @param {string} text @param {HTMLElement} root @returns {Promise<boolean>} whether it could be */
export async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Served without https there is no clipboard for pages; what is selected can still be copied.
    const field = h("textarea", { class: "unseen" });
    field.value = text;
    root.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    return isCopied;
  }
}
