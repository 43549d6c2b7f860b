/** Which stages of a block have a face on the strip, and which face stands for a stage that has none. */

/** The stages of a block that have a face on the strip: what left the ReLU, and what left the pooling. @param {string[]} stages */
export function facesOf(stages) {
  if (stages.length === 1) return stages;
  return stages.filter((name) => name.endsWith(".relu") || name.endsWith(".pool"));
}

/** @param {string} stage The face that stands for an open stage. @param {string[]} faces @returns {string} */
export function faceFor(stage, faces) {
  return faces.includes(stage) ? stage : faces[0];
}

/** Convolution and LRN share the face of the ReLU: same size, same block. @param {string} stage */
export function standIn(stage) {
  return stage.replace(/\.(conv|norm)$/, ".relu");
}
