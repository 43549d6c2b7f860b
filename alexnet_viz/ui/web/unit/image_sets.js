/** Which pictures are searched: the gallery's, those that ship with the app or lie on the disk, a zip of one's own. */
import { fill, h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { getJson, sendFile } from "../server/api.js";
import { isOwnData } from "../shell/tab_memory.js";
import { sendInSight } from "../shell/upload.js";
import { uploadSummary } from "../shell/upload_summary.js";

const OWN = "+";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{onChoose: (data: string) => void, onList: () => void, onRefused: (error: unknown) => void}} actions
 */
export function createImageSets(frame, { onChoose, onList, onRefused }) {
  /** @type {{name: string, title: string}[]} */
  let list = [];
  let listedFor = "nothing";
  const file = h("input", {
    type: "file",
    accept: ".zip",
    hidden: true,
    "aria-label": gettext("Zip of folders of images"),
    onchange: () => void send(),
  });
  const pick = createPick(gettext("images"), (data) => (data === OWN ? choose() : onChoose(data)));
  const summary = h("div", {});
  const element = h("div", { class: "row unit-sets" }, pick.element, file);
  /** @type {{name: string, element: HTMLElement} | null} what the zip holds that was sent last */
  let sentZip = null;
  let shown = "";

  function choose() {
    pick.select.value = shown;
    file.click();
  }

  async function send() {
    const own = file.files?.[0];
    file.value = "";
    if (!own) return;
    onRefused(null);
    try {
      const sent = await sendInSight(own, frame, (say, signal) =>
        sendFile("datasets", own, say, signal, { use: "measured" }),
      );
      if (!sent) return;
      sentZip = {
        name: `folder-${sent.data}`,
        element: h("div", { class: "form-note own-images" }, uploadSummary(sent)),
      };
      onChoose(sentZip.name);
    } catch (error) {
      onRefused(error);
    }
  }

  /** The server keeps a zip for a day, and only for the browser that has sent it. */
  function gone() {
    onChoose("gallery");
    onRefused(gettext("Your images are no longer kept by the server; those of the gallery are shown."));
  }

  /** @param {string} data */
  async function read(data) {
    const own = isOwnData(data) ? data : "";
    if (own === listedFor) return;
    listedFor = own;
    try {
      ({ sets: list } = await getJson("unit/sets", { own }));
      if (own && own === shown && !list.some(({ name }) => name === own)) gone();
      else onList();
    } catch (error) {
      onRefused(error);
    }
  }

  return {
    element,
    /** What a zip that was sent holds, and what is left out of it. */
    summary,
    /** @param {string} data @param {boolean} isHidden */
    update(data, isHidden) {
      shown = data;
      element.hidden = isHidden;
      void read(data);
      const options = list.some(({ name }) => name === data)
        ? list
        : [...list, { name: data, title: isOwnData(data) ? gettext("your own pictures") : data }];
      if (sentZip?.name !== data) fill(summary);
      else if (summary.firstChild !== sentZip.element) fill(summary, sentZip.element); // what is open in it stays open
      pick.update(
        [
          ...options.map(({ name, title }) => ({ value: name, title })),
          { value: OWN, title: gettext("Your own, a zip of folders…") },
        ],
        data,
      );
    },
  };
}
