/** The photo as it is covered by hand, as a photo of its own in Explore. */
import { sendPhoto } from "../server/api.js";
import { keepPhotos } from "../shell/tab_memory.js";
import { visit } from "../shell/url.js";

/** @param {HTMLCanvasElement} canvas @param {() => string} title of the photo on the page @param {(error: unknown) => void} refuse */
export function openCovered(canvas, title, refuse) {
  canvas.toBlob((blob) => {
    if (!blob) return;
    sendPhoto(blob, `${title()}, covered.png`).then(
      (photo) => (keepPhotos([photo]), visit("", { photo: photo.id })),
      refuse,
    );
  });
}
