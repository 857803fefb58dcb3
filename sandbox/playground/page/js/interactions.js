// One thing that the persona did with the bot, from sending it to the bot's first reaction.

import { openModal } from "./dialog/modal.js";
import { get, post } from "./http.js";
import { refresh } from "./messages/history.js";
import { PendingNote } from "./messages/pending.js";
import { mine } from "./session.js";

const WAIT_SECONDS = 30;
export const NO_RESPONSE = "The application did not respond";

/**
 * Send it and wait until the bot reacts, or Discord's three seconds are over.
 * @param {string} path @param {object} body @param {[string, File][]} [files]
 * @returns {Promise<string>} `thinking`, `modal`, `acknowledged`, `answered` or `failed`
 */
export async function interact(path, body, files = []) {
  let shown = await post(path, body, files);
  while (shown.status === "pending") shown = await get(mine(`/interactions/${shown.id}?wait=${WAIT_SECONDS}`));
  if (shown.status === "modal") openModal(shown.id, shown.modal);
  // The answer is in the channel before the note about waiting for it goes.
  else await refresh();
  return shown.status;
}

/**
 * The same for a command: a note in the channel says how it goes. A refusal is thrown: the bot heard nothing then.
 * @param {string} label @param {string} path @param {object} body @param {[string, File][]} [files]
 */
export async function run(label, path, body, files = []) {
  const note = new PendingNote(label);
  try {
    if (await interact(path, body, files) === "failed") note.fail(NO_RESPONSE);
    else note.done();
  } catch (error) {
    note.done();
    throw error;
  }
}
