/** Whether the server has said no, or was not reached. */
import { ServerError } from "./api.js";

/** @param {unknown} error @returns {boolean} false where nobody has answered */
export function isRefusal(error) {
  return error instanceof ServerError && error.answer?.error !== undefined;
}
