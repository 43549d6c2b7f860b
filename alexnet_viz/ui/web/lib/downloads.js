/** What hands files to the browser. */
import { h } from "./dom.js";
import { gettext } from "./language.js";

/** Names of photos, networks and classes as part of a file's name: letters of every script, no mark that a folder or a shell reads. @param {string} words @returns {string} */
export function fileNameOf(words) {
  return words.replace(/[^\p{L}\p{M}\p{N}_.+-]+/gu, "-");
}

/** @param {{root: HTMLElement, toast: (text: string) => void}} frame of the page */
export function createDownloads(frame) {
  /** @param {string} href @param {string} name */
  function download(href, name) {
    const link = h("a", { href, download: name });
    frame.root.append(link);
    link.click();
    link.remove();
    frame.toast(gettext("{name} is being saved", { name }));
  }

  /** @param {Blob} blob @param {string} name */
  function saveBlob(blob, name) {
    const href = URL.createObjectURL(blob);
    download(href, name);
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }

  /** @param {HTMLCanvasElement} canvas @param {string} name */
  function savePicture(canvas, name) {
    canvas.toBlob((blob) => blob && saveBlob(blob, name), "image/png");
  }
  return { download, saveBlob, savePicture };
}
