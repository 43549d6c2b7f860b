/** The photos that can be chosen, small, with their credits. */
import { pictureAddress } from "../server/api.js";
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";

/** @typedef {import("../server/api.js").Photo} Photo */

/** @param {{onPick: (photo: Photo) => void}} actions */
export function createPhotoGallery({ onPick }) {
  const element = h("div", { class: "gallery" });

  return {
    element,
    /** @param {Photo[]} photos */
    update(photos) {
      fill(
        element,
        photos.map((photo) =>
          h(
            "figure",
            {},
            h(
              "button",
              { type: "button", "aria-label": photo.title, onclick: () => onPick(photo) },
              h("img", { src: pictureAddress(photo.id, 320), alt: "", loading: "lazy" }),
            ),
            h(
              "figcaption",
              {},
              h("b", {}, photo.title),
              photo.gallery
                ? h("span", { class: "quiet" }, `${photo.credit}. ${photo.licence}.`)
                : h(
                    "span",
                    { class: "quiet" },
                    gettext("your photo, {width} × {height}", { width: photo.width, height: photo.height }),
                  ),
            ),
          ),
        ),
      );
    },
  };
}
