// What a select offers: its own options, or people, roles and channels of the server.

import { avatar, nameOf } from "../people.js";
import { guildOf, session } from "../session.js";
import { T } from "./types.js";

/** @typedef {import("../listbox.js").Choice} Choice */

/** @param {any} data a select @returns {Choice[]} */
export function choicesOf(data) {
  if (data.options) {
    return data.options.map((/** @type {any} */ one) => ({
      label: `${one.emoji?.name && !one.emoji.id ? `${one.emoji.name} ` : ""}${one.label}`,
      value: one.value,
      hint: one.description,
      selected: Boolean(one.default),
    }));
  }
  const preset = new Set((data.default_values ?? []).map((/** @type {any} */ one) => one.id));
  const all = {
    [T.USER_SELECT]: userChoices,
    [T.ROLE_SELECT]: roleChoices,
    [T.CHANNEL_SELECT]: () => channelChoices(data.channel_types),
    [T.MENTIONABLE_SELECT]: () => [...userChoices(), ...roleChoices()],
  }[data.type];
  return (all?.() ?? []).map((/** @type {Choice} */ one) => ({ ...one, selected: preset.has(one.value) }));
}

/** @returns {Choice[]} */
export function userChoices() {
  const people = guildOf()?.members.map((/** @type {any} */ one) => one.user) ?? session.world.personas;
  return people.map((/** @type {any} */ one) => ({
    label: nameOf(one),
    hint: one.username,
    value: one.id,
    lead: avatar(one, "small"),
  }));
}

/** @returns {Choice[]} */
export function roleChoices() {
  return (guildOf()?.roles ?? []).map((/** @type {any} */ one) => ({
    label: one.name.startsWith("@") ? one.name : `@${one.name}`,
    value: one.id,
    hint: "Role",
  }));
}

/** @param {number[]} [types] @returns {Choice[]} */
export function channelChoices(types) {
  const here = guildOf()?.id;
  return session.view.channels
    .filter(
      (/** @type {any} */ one) => one.guild_id === here && one.name && (!types?.length || types.includes(one.type)),
    )
    .map((/** @type {any} */ one) => ({ label: `#${one.name}`, value: one.id }));
}
