// Reactions below a message: each a button that adds the persona's own or takes it back.

import { warn } from "../alert.js";
import { h, icon } from "../dom.js";
import { post } from "../http.js";
import { showPopup } from "../popup.js";
import { mine } from "../session.js";

const OFFERED = ["❤️", "👍", "😂", "🔥", "🎉", "👏", "😮", "👎"];

/** @param {any} message @returns {HTMLElement | null} null: nobody reacted */
export function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((/** @type {any} */ one) => chip(message, one)),
  );
}

/** @param {any} message @param {any} one */
function chip(message, one) {
  const name = one.emoji.name;
  const people = one.count === 1 ? "1 person" : `${one.count} people`;
  return h(
    "button",
    {
      class: `reaction ${one.me ? "mine" : ""}`,
      type: "button",
      "aria-pressed": String(one.me),
      "aria-label": `${name}, ${people}`,
      data: { key: `reaction-${name}` },
      on: { click: () => void react(message, name, one.me) },
    },
    `${name} ${one.count}`,
  );
}

/** The button among a message's tools that offers emojis. @param {() => any} message */
export function reactButton(message) {
  const button = h(
    "button",
    { class: "icon-button", type: "button", "aria-label": "Add reaction", title: "Add reaction" },
    icon("smile"),
  );
  button.addEventListener("click", () => {
    const before = message();
    const buttons = OFFERED.map((name) =>
      h(
        "button",
        {
          type: "button",
          "aria-label": name,
          on: {
            click: () => {
              close();
              button.focus();
              void react(before, name, false);
            },
          },
        },
        name,
      ),
    );
    const close = showPopup(button, h("div", { class: "emojis", role: "group", "aria-label": "Emojis" }, buttons));
    buttons[0].focus();
  });
  return button;
}

/** @param {any} message @param {string} emoji @param {boolean} remove */
async function react(message, emoji, remove) {
  try {
    await post(mine("/reactions"), { channel: message.channel_id, message: message.id, emoji, remove });
  } catch (error) {
    warn(error);
  }
}
