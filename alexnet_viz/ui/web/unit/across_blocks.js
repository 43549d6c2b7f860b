/** In each block the channel that costs the predicted class most, with the picture made for it: found and made when asked for. */
import { fill, h, setText } from "../lib/dom.js";
import { computed, count, duration, groupOf, groupTitle } from "../lib/format.js";
import { createInParts } from "../lib/in_parts.js";
import { gettext } from "../lib/language.js";
import { whenChanged } from "../lib/when_changed.js";
import { getCosts } from "../server/explanations.js";
import { createJob, isAlive } from "./job.js";
import { dearestOf, nextStage } from "./dearest.js";
import { pictureAddress } from "./made_words.js";

/** @typedef {import("./dearest.js").Dearest} Dearest */
/** @typedef {import("./made_panel.js").Made} Made */
/** @typedef {{photo: string, checkpoint: string, resize: string, target: number, stages: {name: string, channels: number}[]}} About */
/** @typedef {{about: About, name: string, digest: string, contrast: string, fields: Record<string, number>}} View name: of the class */

const WAY = { sign: "excites", seed: "0", steps: "256" };

/** @param {{onUnit: (stage: string, channel: number) => void, onChange: () => void, onRefused: (error: unknown) => void}} page */
export function createAcrossBlocks({ onUnit, onChange, onRefused }) {
  const title = h("h3", {});
  const state = h("p", { class: "note", role: "status" });
  const act = h("button", { class: "link", type: "button", onclick: () => press() });
  const tiles = h("div", { class: "unit-five" });
  const element = h(
    "section",
    { class: "unit-across", "aria-label": gettext("Across the blocks") },
    h("div", { class: "title-row" }, title, act),
    state,
    tiles,
  );
  let isWanted = false;
  let begun = ""; // the picture that the server was told to make: once
  const costs = createInParts({
    /** @param {About} about @param {Dearest | null} found */
    ask: async ({ stages, ...subject }, found) => {
      const { stage, first } = nextStage(stages, found?.done ?? 0);
      return dearestOf(stages, found, stage, first, await getCosts({ ...subject, stage }, first));
    },
    onChange,
    onRefused: (error) => void (onRefused(error), onChange()),
  });
  /** @type {Map<string, ReturnType<typeof createJob<Record<string, string>, Made>>>} a picture a block */
  const made = new Map();

  /** @param {string} stage */
  function jobOf(stage) {
    const job = made.get(stage) ?? createJob({ path: "unit/made", isKin: () => false, onChange, onRefused });
    made.set(stage, /** @type {any} */ (job));
    return /** @type {NonNullable<ReturnType<typeof made.get>>} */ (job);
  }

  /** One picture is made after the other, so that who waits sees the first soon. @param {View} now @param {Dearest} found */
  function makeNext(now, found) {
    for (const { stage, channel } of found.dearest) {
      const job = jobOf(stage);
      job.want(query(now, stage, channel));
      if (!job.found || isAlive(job.found)) return;
      if (job.found.state === "done" || job.found.message) continue;
      const key = JSON.stringify(query(now, stage, channel));
      if (isWanted && begun !== key) job.start();
      if (isWanted) begun = key;
      return;
    }
    isWanted = false;
  }

  function press() {
    onRefused(null);
    if (costs.isRunning) {
      isWanted = false;
      return costs.cancel();
    }
    const alive = [...made.values()].find((job) => isAlive(job.found));
    isWanted = !isWanted;
    begun = "";
    if (!isWanted) return void (alive ? alive.cancel() : onChange());
    if (!costs.found || costs.found.done < costs.found.total) costs.goOn();
    else onChange();
  }

  const drawTiles = whenChanged(
    (/** @type {View} */ now, /** @type {Dearest} */ found) => [
      JSON.stringify([found.dearest.map(({ stage }) => jobOf(stage).found?.film.at(-1)), now.digest, now.contrast]),
      found,
    ],
    (now, found) =>
      fill(
        tiles,
        found.dearest.map(({ stage, channel }) =>
          tile(now, stage, channel, jobOf(stage).found?.film.at(-1), () => onUnit(stage, channel)),
        ),
      ),
  );

  /** @param {View} now */
  function words({ about }) {
    const { found } = costs;
    const total = about.stages.reduce((sum, { channels }) => sum + channels, 0);
    if (costs.isRunning) return passesWords(found?.done ?? 0, total, costs.secondsLeft);
    if (!found)
      return gettext("{total} passes with a channel off alone, then five pictures: about two minutes.", {
        total: count(total),
      });
    if (found.done < found.total)
      return gettext("Cancelled at {done} of {total} passes.", { done: count(found.done), total: count(found.total) });
    const making = found.dearest.find(({ stage }) => isAlive(jobOf(stage).found));
    const job = making && jobOf(making.stage).found;
    return job
      ? gettext("{block}: step {done} of {total}", {
          block: groupTitle(groupOf(making.stage)),
          done: count(job.done ?? 0),
          total: count(job.total ?? 256),
        })
      : "";
  }

  return {
    element,
    /** @param {View} now */
    update(now) {
      costs.want(now.about, isWanted);
      const { found } = costs;
      const isCounted = found !== null && found.done === found.total;
      if (isCounted) makeNext(now, found);
      const isMade = isCounted && found.dearest.every(({ stage }) => jobOf(stage).found?.state === "done");
      setText(title, gettext("In each block, the channel that costs {name} most", { name: now.name }));
      setText(state, words(now));
      state.hidden = !state.textContent;
      setText(act, costs.isRunning || isWanted ? gettext("Cancel") : found ? gettext("Go on") : gettext("Find them"));
      act.hidden = isMade;
      if (isCounted) drawTiles(now, found);
      else fill(tiles);
    },
    end() {
      costs.cancel();
      for (const job of made.values()) job.end();
    },
  };
}

/** The picture that is asked for. @param {View} now @param {string} stage @param {number} channel */
function query({ about, contrast }, stage, channel) {
  return { checkpoint: about.checkpoint, stage, channel: String(channel), contrast, ...WAY };
}

/**
 * One block: the newest picture of its channel, which leads to its page.
 * @param {View} now @param {string} stage @param {number} channel @param {Made["film"][number] | undefined} moment @param {() => void} onclick
 */
function tile(now, stage, channel, moment, onclick) {
  const block = groupTitle(groupOf(stage));
  const response = moment && computed(moment.response);
  const src = moment ? pictureAddress(query(now, stage, channel), WAY.sign, moment.step, now.digest) : "";
  return h(
    "button",
    {
      class: "unit-five-tile",
      type: "button",
      "aria-label": gettext("{block}, channel {channel}: open its page", { block, channel }),
      onclick,
    },
    moment ? h("img", { src, alt: "" }) : h("span", { class: "unit-five-slot" }),
    h("b", {}, `${block}, ${channel}`),
    h("span", {}, [gettext("{side} px", { side: now.fields[stage] }), response].filter(Boolean).join(", ")),
  );
}

/** @param {number} done @param {number} total @param {number | null} seconds left */
function passesWords(done, total, seconds) {
  const values = { done: count(done), total: count(total) };
  if (seconds === null) return gettext("Each channel off alone, {done} of {total} passes", values);
  return gettext("Each channel off alone, {done} of {total} passes, about {left}", {
    ...values,
    left: duration(seconds),
  });
}
