/** Files that are dropped anywhere on a page, or pasted into it. */
import { gettext } from "../lib/language.js";

/** @param {HTMLElement} root marked while files are over it @param {(files: FileList) => void} receive */
export function createFileDrop(root, receive) {
  root.dataset.drop = gettext("Drop the photo anywhere"); // the style sheet writes it over the page
  /** @param {DragEvent} event */
  const onDragOver = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    root.classList.add("dropping");
  };
  /** @param {DragEvent} event */
  const onDragLeave = (event) => {
    if (!event.relatedTarget) root.classList.remove("dropping");
  };
  /** @param {DragEvent} event */
  const onDrop = (event) => {
    root.classList.remove("dropping");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    receive(event.dataTransfer.files);
  };
  /** A picture from the clipboard does the same. @param {ClipboardEvent} event */
  const onPaste = (event) => {
    if (event.clipboardData?.files.length) receive(event.clipboardData.files);
  };
  document.addEventListener("dragover", onDragOver);
  document.addEventListener("dragleave", onDragLeave);
  document.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste);

  return {
    destroy() {
      document.removeEventListener("dragover", onDragOver);
      document.removeEventListener("dragleave", onDragLeave);
      document.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPaste);
    },
  };
}
