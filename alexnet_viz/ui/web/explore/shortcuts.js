/** What the page's keys do; the frame is told again where the keys are other ones. */
import { exploreKeys } from "./keys.js";

/**
 * @param {ReturnType<typeof import("../shell/page_frame.js").createFrame>} frame
 * @param {Pick<import("./keys.js").Actions, "view" | "set" | "alter" | "openStage" | "openChannel" | "openUnit">} actions
 * @param {{page: {readonly state: import("./state.js").State}, strip: ReturnType<typeof import("../maps/strip.js").createStrip>,
 *   wallSide: ReturnType<typeof import("./wall_side.js").createWallSide>, inspectorSide: ReturnType<typeof import("./inspector_side.js").createInspectorSide>,
 *   problems: ReturnType<typeof import("./problem_box.js").createProblemBox>}} parts
 */
export function createShortcuts(frame, actions, { page, strip, wallSide, inspectorSide, problems }) {
  const { set, alter } = actions;
  let keysOf = ""; // which keys there are: of a stage with maps, of an altered network

  /** One level back, as Escape has it. */
  function back() {
    if (problems.isShown) problems.show(null);
    else if (inspectorSide.isHolding) inspectorSide.hold();
    else if (page.state.view !== "wall") set({ view: "wall" });
    else if (alter.back()) return;
    else if (page.state.place) set({ place: "" });
    else if (page.state.silent === "hidden") set({ silent: "shown" });
  }

  return {
    /** @param {boolean} hasMaps whether the open stage has maps @param {boolean} isAltered */
    update(hasMaps, isAltered) {
      if (keysOf !== `${hasMaps},${isAltered}`)
        frame.setShortcuts(
          exploreKeys(
            {
              ...actions,
              why: strip.ask,
              columns: () => wallSide.columns,
              hold: inspectorSide.hold,
              save: wallSide.openSave,
              choose: wallSide.toggleChannel,
              back,
            },
            hasMaps,
            isAltered,
          ),
        );
      keysOf = `${hasMaps},${isAltered}`;
    },
  };
}
