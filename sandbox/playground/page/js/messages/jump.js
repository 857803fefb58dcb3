// From a link to a message to the message itself.

import { openChannel, session } from "../session.js";
import { focusMessage } from "./column.js";

/** Looks for the message until the channel's history is shown. */
const LOOKS_MAX = 120;

/** @param {string} channelId @param {string} messageId */
export async function jumpTo(channelId, messageId) {
  if (session.channelId !== channelId) await openChannel(channelId);
  for (let look = 0; look < LOOKS_MAX && !focusMessage(messageId); look += 1)
    await new Promise((resolve) => requestAnimationFrame(resolve));
}
