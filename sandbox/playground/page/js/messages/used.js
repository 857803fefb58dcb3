// The names of the commands that messages answer. A message names its interaction only, and who used it.

import { get } from "../http.js";

/** @type {Map<string, Promise<string>>} by the interaction's id */
const names = new Map();

/** @param {any} metadata a message's `interaction_metadata` @returns {Promise<string>} "/veo fast", or a menu's name */
export function commandUsed(metadata) {
  const known = names.get(metadata.id);
  if (known) return known;
  const path = `/personas/${encodeURIComponent(metadata.user.username)}/interactions/${metadata.id}`;
  const name = get(path)
    .then((/** @type {any} */ shown) => shown.command ?? "a command")
    .catch(() => "a command");
  names.set(metadata.id, name);
  return name;
}
