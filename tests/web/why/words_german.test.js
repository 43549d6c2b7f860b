/** Why and the sandbox of Architecture in German: verdicts by their count, a sum whose answer is found. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { speakGerman } from "../german.js";

const messages = {
  occlusion: "Verdeckung",
  "Ochre speaks for {target}, blue against it.": "Ocker spricht für {target}, Blau dagegen.",
  "Half of the evidence lies in {half} of {all} squares.": "Die Hälfte der Belege liegt in {half} von {all} Quadraten.",
  "On this photo {method} tells better than a random map on one of two counts.":
    "Auf diesem Foto ist {method} in einem von zwei Punkten besser als eine Zufallskarte.",
  "{method}, {done} of {total} pass, about {left}.": [
    "{method}, {done} von {total} Durchlauf, noch etwa {left}.",
    "{method}, {done} von {total} Durchläufen, noch etwa {left}.",
  ],
  "{exact}, rounded down to {count}": "{exact}, abgerundet auf {count}",
  "all to all": "alle mit allen",
  "stride {count}": "Schritt {count}",
  "padding {count}": "Rand {count}",
};
speakGerman(messages);
const { passesWords, sentence } = await import("#web/why/words.js");
const { sumText } = await import("#web/architecture/sliding.js");
const { windowText } = await import("#web/architecture/rows.js");

test("the verdict is said by how many counts are better", () => {
  const found = {
    method: "occlusion",
    target: 0,
    versus: null,
    minimum: -1,
    maximum: 2,
    squares: { count: 2, first: 2, step: 4, size: 7 },
    better: 1,
    like_untrained: 0.03,
    values: new Float32Array(49).fill(1),
  };
  assert.equal(
    sentence(found, ["cat"]),
    "Ocker spricht für cat, Blau dagegen. Die Hälfte der Belege liegt in 2 von 4 Quadraten. Auf diesem Foto ist Verdeckung in einem von zwei Punkten besser als eine Zufallskarte.",
  );
  assert.equal(
    passesWords({ method: "occlusion", done: 40, total: 126, seconds: 0.6 }),
    "Verdeckung, 40 von 126 Durchläufen, noch etwa 1,3 s.",
  );
});

test("a sum that is rounded, and windows", () => {
  assert.equal(
    sumText({ size: 224, side: 11, stride: 4, padding: 2 }),
    "(224 + 2 × 2 − 11) / 4 + 1 = 55,25, abgerundet auf 55",
  );
  const windows = ["5 × 5, stride 1, padding 2", "3 × 3, stride 2"].map((window) =>
    windowText({ layer: { output_shape: [1, 2, 2], window } }),
  );
  assert.deepEqual(
    [...windows, windowText({ layer: { output_shape: [10], window: "" } })],
    ["5 × 5, Rand 2", "3 × 3, Schritt 2", "alle mit allen"],
  );
});
