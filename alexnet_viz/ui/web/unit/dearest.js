/** Which channel of each of some stages costs a class most, as the parts of an answer come in. */

/** @typedef {{name: string, channels: number}[]} Stages */
/** @typedef {{done: number, total: number, dearest: {stage: string, channel: number, cost: number}[]}} Dearest done: channels of all stages together */

/** @param {Stages} stages @param {number} done @returns {{stage: string, first: number}} where it goes on */
export function nextStage(stages, done) {
  let first = done;
  for (const { name, channels } of stages) {
    if (first < channels) return { stage: name, first };
    first -= channels;
  }
  throw new RangeError(`nothing is left after ${done} channels`);
}

/**
 * @param {Stages} stages @param {Dearest | null} found @param {string} stage @param {number} first
 * @param {{whole: number, left: (number | null)[]}} part what the class has with all channels, and with each of these off alone; null is not a number
 * @returns {Dearest}
 */
export function dearestOf(stages, found, stage, first, { whole, left }) {
  const total = stages.reduce((sum, { channels }) => sum + channels, 0);
  const own = left.map((each, i) => ({ stage, channel: first + i, cost: whole - (each ?? NaN) }));
  const before = found?.dearest ?? [];
  const best = [...before.filter((each) => each.stage === stage), ...own].reduce((most, each) =>
    each.cost > most.cost || (Number.isNaN(most.cost) && !Number.isNaN(each.cost)) ? each : most,
  );
  return {
    done: (found?.done ?? 0) + left.length,
    total,
    dearest: [...before.filter((each) => each.stage !== stage), best],
  };
}
