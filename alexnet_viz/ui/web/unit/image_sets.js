/** Which pictures are searched: the gallery's, those that ship with the app or lie on the disk, a zip of one's own. */
import { h } from "../lib/dom.js";
import { gettext } from "../lib/language.js";
import { createPick } from "../lib/picker.js";
import { getJson, sendFile } from "../server/api.js";
import { sendInSight } from "../shell/upload.js";

const OWN = "+";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {{onChoose: (data: string) => void, onList: () => void, onRefused: (error: unknown) => void}} actions
 */
export function createImageSets(frame, { onChoose, onList, onRefused }) {
  /** @type {{name: string, title: string}[]} */
  let list = [];
  let listedFor = "nothing";
  const file = h("input", { type: "file", accept: ".zip", hidden: true, "aria-label": gettext("Zip of folders of images"), onchange: () => void send() });
  const pick = createPick(gettext("images"), (data) => (data === OWN ? choose() : onChoose(data)));
  const element = h("div", { class: "row unit-sets" }, pick.element, file);
  let shown = "";

  function choose() {
    pick.select.value = shown;
    file.click();
  }

  async function send() {
    const own = file.files?.[0];
    file.value = "";
    if (!own) return;
    try {
      const sent = await sendInSight(own, frame, (say, signal) => sendFile("datasets", own, say, signal));
      if (sent) onChoose(`folder-${sent.data}`);
    } catch (error) {
      onRefused(error);
    }
  }

  /** @param {string} data */
  async function read(data) {
    const own = data.startsWith("folder-") ? data : "";
    if (own === listedFor) return;
    listedFor = own;
    try {
      ({ sets: list } = await getJson("unit/sets", { own }));
      onList();
    } catch (error) {
      onRefused(error);
    }
  }

  return {
    element,
    /** @param {string} data @param {boolean} isHidden */
    update(data, isHidden) {
      shown = data;
      element.hidden = isHidden;
      void read(data);
      const options = list.some(({ name }) => name === data) ? list : [...list, { name: data, title: data }];
      pick.update([...options.map(({ name, title }) => ({ value: name, title })), { value: OWN, title: gettext("Your own, a zip of folders…") }], data);
    },
  };
}
