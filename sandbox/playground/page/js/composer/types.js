// What the parts of a command being filled in know of each other. Types only: nothing here runs.

/**
 * @typedef {object} Form a command being filled in
 * @property {import("./commands.js").Leaf} leaf the command
 * @property {() => {options: Record<string, any>, files: [string, File][]}} values what was given so far
 * @property {(after: Chip) => void} focusNext go to the next chip without a value
 * @property {(chip: Chip) => void} drop take an option out again
 */

/**
 * @typedef {object} Chip one option, with its field
 * @property {any} option
 * @property {HTMLElement} element
 * @property {() => void} focus
 * @property {() => any} value undefined: nothing was given
 * @property {() => string} problem
 * @property {(file: File) => void} [takeFile]
 */

/**
 * @typedef {object} Inner what differs between the kinds of options
 * @property {any} control
 * @property {Node[]} [beside]
 * @property {() => any} value
 * @property {() => string} problem why what was given may not be sent
 * @property {() => boolean} [isEmpty]
 * @property {(file: File) => void} [takeFile]
 */

export {};
