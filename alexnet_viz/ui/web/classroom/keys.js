/** The keys of the Classroom page. Each has a visible button as well. */
import { gettext } from "../lib/language.js";

/** @param {(name: string) => void} act @param {() => boolean} canReveal @returns {import("../shell/page_frame.js").Shortcut[]} of an open lesson */
export function lessonKeys(act, canReveal) {
  return [
    {
      key: "Space",
      does: gettext("reveal"),
      keys: [" "],
      action: () => void (canReveal() && act("reveal")),
      footer: true,
    },
    { key: "→", does: gettext("next"), keys: ["ArrowRight"], action: () => act("next"), footer: true },
    { key: "←", does: gettext("back"), keys: ["ArrowLeft"], action: () => act("back") },
    { key: "B", does: gettext("blank"), keys: ["b"], action: () => act("blank"), footer: true },
    { key: "F", does: gettext("free the class"), keys: ["f"], action: () => act("free"), footer: true },
  ];
}
