// "Reelmaker is typing…"

import { listen } from "../changes.js";
import { byId } from "../dom.js";
import { nameOf, user } from "../people.js";
import { session } from "../session.js";

const TYPING_MS = 8000;

export function startTyping() {
  let timer = 0;
  const line = byId("typing");
  const clear = () => {
    line.textContent = "";
  };
  listen("typing", (change) => {
    const who = user(change.user_id);
    if (change.channel_id !== session.channelId || !who) return;
    line.textContent = `${nameOf(who)} is typing…`;
    clearTimeout(timer);
    timer = window.setTimeout(clear, TYPING_MS);
  });
  listen("message.create", (change) => {
    if (change.channel_id === session.channelId) clear();
  });
}
