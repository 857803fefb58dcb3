// Names, colours and pictures of people, roles and channels.

import { h } from "./dom.js";
import { guildOf, session } from "./session.js";

/** @param {string} id @returns {any} */
export function user(id) {
  if (session.world.bot.id === id) return session.world.bot;
  return session.world.personas.find((/** @type {any} */ one) => one.id === id) ?? null;
}

/** @param {any} who a user as the API writes it */
export function nameOf(who) {
  return (
    who.global_name ?? (who.bot && who.id === session.world.bot.id ? session.world.application.name : who.username)
  );
}

/** @param {string} id @returns {any} */
export function role(id) {
  return guildOf()?.roles.find((/** @type {any} */ one) => one.id === id) ?? null;
}

/** @param {string} id @returns {any} */
export function anyChannel(id) {
  for (const guild of session.world.guilds) {
    const found = [...guild.channels, ...guild.threads].find((one) => one.id === id);
    if (found) return found;
  }
  return null;
}

/** @param {string} userId @returns {any} */
function member(userId) {
  return guildOf()?.members.find((/** @type {any} */ one) => one.user.id === userId) ?? null;
}

/** Ids of the person's roles in the open guild. @param {string} userId @returns {string[]} */
export function roleIds(userId) {
  return member(userId)?.roles ?? [];
}

/** A dot in the colour of the highest role that has one. The name itself stays readable without it. */
export function roleDot(/** @type {string} */ userId) {
  const coloured = roleIds(userId)
    .map(role)
    .filter((one) => one?.color)
    .sort((a, b) => b.position - a.position);
  if (!coloured.length) return null;
  const colour = `#${coloured[0].color.toString(16).padStart(6, "0")}`;
  return h("span", { class: "role-dot", style: { "--role": colour }, title: coloured[0].name });
}

/** A round picture with an initial; its hue comes from the id. @param {any} who */
export function avatar(who, size = "") {
  const bot = who.bot ? "avatar-bot" : "";
  const hue = [...String(who.id)].reduce((sum, digit) => (sum * 7 + Number(digit)) % 360, 0);
  const text = who.bot ? "" : nameOf(who).slice(0, 1).toUpperCase();
  return h("span", { class: `avatar ${size} ${bot}`, style: { "--hue": hue }, "aria-hidden": "true" }, text);
}

/** What each persona is for, in a few words. */
export function about(/** @type {any} */ who) {
  const guilds = session.world.guilds.filter((/** @type {any} */ guild) =>
    guild.members.some((/** @type {any} */ one) => one.user.id === who.id),
  );
  const parts = guilds.map((/** @type {any} */ guild) => {
    if (guild.owner_id === who.id) return `owner, ${guild.name}`;
    const mine = guild.members.find((/** @type {any} */ one) => one.user.id === who.id);
    const names = mine.roles.map(
      (/** @type {string} */ id) => guild.roles.find((/** @type {any} */ one) => one.id === id)?.name,
    );
    return `${names.length ? names.join(", ").toLowerCase() : "member"}, ${guild.name}`;
  });
  return parts.join("; ") || "in no server";
}
