// A forwarded message: what it said then, with a bar beside it, and where it is from.

import { h, icon } from "../dom.js";
import { markdown, when } from "../markdown/render.js";
import { session } from "../session.js";
import { attachments } from "./attachments.js";
import { embed } from "./embed.js";
import { jumpTo } from "./jump.js";

const FORWARD = 1;

/** @param {any} message @returns {boolean} */
export function isForward(message) {
  return message.message_reference?.type === FORWARD;
}

/** @param {any} message @returns {HTMLElement | null} null: it forwards nothing */
export function forwarded(message) {
  const shown = message.message_snapshots?.[0]?.message;
  if (!shown) return null;
  return h(
    "div",
    { class: "forward" },
    h("p", { class: "forward-title" }, icon("forward"), h("em", {}, "Forwarded")),
    shown.content && markdown(shown.content),
    attachments(shown.attachments),
    shown.embeds.map(embed),
    h("p", { class: "forward-foot" }, origin(message.message_reference), when(Date.parse(shown.timestamp) / 1000)),
  );
}

/** @param {any} reference @returns {HTMLElement} a way to the original, where the persona sees its channel */
function origin(reference) {
  const from = session.view.channels.find((/** @type {any} */ one) => one.id === reference.channel_id);
  if (!from) return h("span", {}, "another channel");
  return h(
    "button",
    {
      class: "link",
      type: "button",
      data: { key: "origin" },
      on: { click: () => void jumpTo(reference.channel_id, reference.message_id) },
    },
    `#${from.name} ›`,
  );
}
