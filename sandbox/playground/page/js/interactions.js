// One thing that the persona did with the bot, from sending it to the bot's first reaction.

import { get, post } from "./http.js";
import { refresh } from "./messages/history.js";
import { PendingNote } from "./messages/pending.js";
import { mine } from "./session.js";

const WAIT_SECONDS = 30;
/** @type {(interaction: string, modal: any) => void} */
let openModal = () => {};

/** Say what opens a modal that the bot answers with. @param {(interaction: string, modal: any) => void} open */
export function onModal(open) {
  openModal = open;
}

export const NO_RESPONSE = "The application did not respond";

/**
 * Send it and wait until the bot reacts, or Discord's three seconds are over.
 * @param {string} path @param {object} body @param {[string, File][]} [files]
 * @returns {Promise<string>} `thinking`, `modal`, `acknowledged`, `answered` or `failed`
 */
export async function interact(path, body, files = []) {
  // The page may show another persona before the bot reacts.
  const asked = mine("/interactions");
  let shown = await post(path, body, files);
  while (shown.status === "pending") shown = await get(`${asked}/${shown.id}?wait=${WAIT_SECONDS}`);
  if (shown.status === "modal" && asked === mine("/interactions")) openModal(shown.id, shown.modal);
  return shown.status;
}

/**
 * The same for a command: a note in the channel says how it goes. A refusal is thrown: the bot heard nothing then.
 * @param {string} label @param {string} path @param {object} body @param {[string, File][]} [files]
 */
export async function run(label, path, body, files = []) {
  const note = new PendingNote(label);
  try {
    const status = await interact(path, body, files);
    if (status === "failed") return note.fail(NO_RESPONSE);
    // The answer is in the channel before the note about waiting for it goes.
    await refresh();
    note.done();
  } catch (error) {
    note.done();
    throw error;
  }
}
