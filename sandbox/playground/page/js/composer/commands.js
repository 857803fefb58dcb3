// The registered commands as a person picks them: subcommands are entries of their own, names in their language.

import { session } from "../session.js";

const CHAT_INPUT = 1;
const SUB_COMMAND = 1;
const SUB_GROUP = 2;

/** @typedef {{id: string, name: string, label: string, description: string, options: any[]}} Leaf
 *  `name` is what is sent ("veo fast"), `label` what is shown */

/** @returns {Leaf[]} in the order of their names */
export function leaves() {
  return session.commands
    .filter((one) => one.type === CHAT_INPUT)
    .flatMap((one) => below(one, one, [], []))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** @param {any} command @param {any} entry @param {string[]} names @param {string[]} labels @returns {Leaf[]} */
function below(command, entry, names, labels) {
  const path = [...names, entry.name];
  const shown = [...labels, nameOf(entry)];
  const steps = (entry.options ?? []).filter(
    (/** @type {any} */ one) => one.type === SUB_COMMAND || one.type === SUB_GROUP,
  );
  if (steps.length && (entry === command || entry.type === SUB_GROUP)) {
    return steps.flatMap((/** @type {any} */ one) => below(command, one, path, shown));
  }
  return [
    {
      id: command.id,
      name: path.join(" "),
      label: shown.join(" "),
      description: descriptionOf(entry),
      options: entry.options ?? [],
    },
  ];
}

/** @param {any} entry a command, option or choice @returns {string} its name in the persona's language */
export function nameOf(entry) {
  return entry.name_localizations?.[session.view.user.locale] ?? entry.name;
}

/** @param {any} entry @returns {string} */
export function descriptionOf(entry) {
  return entry.description_localizations?.[session.view.user.locale] ?? entry.description ?? "";
}

/** Those that fit what was typed after the slash; names that begin with it first. @param {string} typed @returns {Leaf[]} */
export function search(typed) {
  const words = typed.toLowerCase().trimStart();
  const squeezed = words.replace(/\s+/g, " ").trim();
  const rank = (/** @type {Leaf} */ leaf) => {
    const label = leaf.label.toLowerCase();
    if (label.startsWith(squeezed)) return 0;
    if (label.includes(squeezed) || leaf.name.includes(squeezed)) return 1;
    return squeezed.length > 2 && leaf.description.toLowerCase().includes(squeezed) ? 2 : 3;
  };
  return leaves()
    .map((leaf) => /** @type {const} */ ([rank(leaf), leaf]))
    .filter(([order]) => order < 3)
    .sort((a, b) => a[0] - b[0])
    .map(([, leaf]) => leaf);
}
