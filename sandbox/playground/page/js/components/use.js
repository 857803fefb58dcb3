// Using a component: it shows that it waits, and the message says if the bot did not react.

import { interact } from "../interactions.js";
import { mine } from "../session.js";

/** @typedef {{message: any, failure: HTMLElement}} Place the message, and where it says that the bot did not react */

/**
 * @param {HTMLElement} control @param {"press" | "select"} how @param {string} customId @param {Place} place
 * @param {any[]} [values]
 */
export async function use(control, how, customId, place, values) {
  if (control.classList.contains("waiting")) return;
  place.failure.hidden = true;
  control.classList.add("waiting");
  control.setAttribute("aria-busy", "true");
  const { channel_id: channel, id: message } = place.message;
  try {
    const status = await interact(mine(`/${how}`), {
      channel,
      message,
      custom_id: customId,
      ...(values ? { values } : {}),
    });
    if (status === "failed") fail(place, "This interaction failed");
  } catch (error) {
    fail(place, error instanceof Error ? error.message : String(error));
  } finally {
    control.classList.remove("waiting");
    control.removeAttribute("aria-busy");
  }
}

/** @param {Place} place @param {string} text */
function fail(place, text) {
  place.failure.textContent = text;
  place.failure.hidden = false;
}
