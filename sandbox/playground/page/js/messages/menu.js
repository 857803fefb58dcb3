// What can be done with a message or a person: the bot's context menus under "Apps", and a client's own.

import { nameOf } from "../composer/commands.js";
import { post } from "../http.js";
import { run } from "../interactions.js";
import { showMenu } from "../popup.js";
import { channel, may, MAY, mine, session } from "../session.js";
import { warn } from "../alert.js";

const USER_COMMAND = 2;
const MESSAGE_COMMAND = 3;
const EPHEMERAL = 1 << 6;

/** @param {Element} anchor @param {any} message @param {{x?: number, y?: number}} [at] */
export function showMessageMenu(anchor, message, at = {}) {
  const apps = session.commands
    .filter((one) => one.type === MESSAGE_COMMAND)
    .map((one) => ({
      label: nameOf(one),
      hint: "App",
      act: () =>
        void run(one.name, mine("/message-menu"), {
          command: one.name,
          channel: message.channel_id,
          message: message.id,
        }).catch(warn),
    }));
  /** @type {import("../popup.js").MenuItem[]} */
  const own = [
    { label: "Copy text", act: () => void navigator.clipboard?.writeText(message.content) },
    { label: "Copy message ID", act: () => void navigator.clipboard?.writeText(message.id) },
  ];
  const mayDelete =
    !(message.flags & EPHEMERAL) && (message.author.id === session.view.user.id || may(MAY.MANAGE_MESSAGES));
  if (mayDelete) own.push({ label: "Delete message", danger: true, act: () => void deleteMessage(message) });
  showMenu(anchor, [{ title: apps.length ? "Apps" : "", items: apps }, { items: own }], at);
}

/** @param {any} message */
async function deleteMessage(message) {
  try {
    await post("/controls/delete-message", { channel: message.channel_id, message: message.id });
  } catch (error) {
    warn(error);
  }
}

/** @param {Element} anchor @param {any} who @param {{x?: number, y?: number}} [at] */
export function showUserMenu(anchor, who, at = {}) {
  const apps = session.commands
    .filter((one) => one.type === USER_COMMAND)
    .map((one) => ({
      label: nameOf(one),
      hint: "App",
      act: () =>
        void run(one.name, mine("/user-menu"), { command: one.name, channel: channel()?.id, user: who.id }).catch(warn),
    }));
  showMenu(
    anchor,
    [
      { title: apps.length ? "Apps" : "", items: apps },
      { items: [{ label: "Copy user ID", act: () => void navigator.clipboard?.writeText(who.id) }] },
    ],
    at,
  );
}
