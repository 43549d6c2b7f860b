/** What opens on a click or a key: a stage, a channel large, the page of a unit. */
import { visit } from "../shell/url.js";

/** @typedef {import("./state.js").Key} Key */

/**
 * @param {{page: {readonly state: import("./state.js").State}, view: () => import("./selection.js").View | null, set: (changes: Partial<Record<Key, string>>) => void}} parts
 */
export function createOpening({ page, view, set }) {
  return {
    /** @param {string} stage */
    openStage(stage) {
      if (stage !== "input" && !view()?.find(stage)) return;
      set({ stage, view: page.state.view === "photos" && stage !== "input" ? "photos" : "wall" });
    },
    openChannel() {
      if (view()?.hasPlaces) set({ view: page.state.view === "channel" ? "wall" : "channel" });
    },
    /** The page of the selected unit, or of the one that is held. @param {{stage: string, channel: number} | null} [held] */
    openUnit(held = null) {
      const now = view();
      if (!now?.stage) return;
      const { stage, channel } = held ?? { stage: now.stage.name, channel: now.channel(now.stage) };
      visit("unit", {
        stage,
        channel: String(channel),
        place: held ? "" : page.state.place,
        resize: page.state.resize,
      });
    },
  };
}
