// Everything that can be done to the world around the bot.

import { listen } from "../changes.js";
import { h } from "../dom.js";
import { onSession } from "../session.js";
import { discordLevers } from "./levers_discord.js";
import { studioLevers } from "./levers_studio.js";

/** @param {() => boolean} isShown @returns {import("./parts.js").View} */
export function levers(isShown) {
  const parts = [studioLevers(), discordLevers()];
  const element = h(
    "div",
    { class: "panel-body" },
    parts.map((part) => part.element),
  );
  const update = () => {
    if (isShown()) parts.forEach((part) => part.update());
  };
  onSession(update);
  // The provider tells of no changes itself; whatever it did shows in a request or a message soon after.
  for (const kind of ["clock", "request", "message.update"]) listen(kind, update);
  return { element, update };
}
