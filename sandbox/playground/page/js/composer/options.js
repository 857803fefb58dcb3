// Discord's numbers for the kinds of a command's options, and what may be typed.

export const STRING = 3;
export const INTEGER = 4;
export const BOOLEAN = 5;
export const USER = 6;
export const CHANNEL = 7;
export const ROLE = 8;
export const MENTIONABLE = 9;
export const NUMBER = 10;
export const ATTACHMENT = 11;

const STRING_MAX = 6000;

/** What may be given, in a few words. @param {any} option */
export function limitsOf(option) {
  if (option.choices?.length) return "";
  if (option.type === STRING) return option.max_length ? `up to ${option.max_length} characters` : "";
  if (option.type !== INTEGER && option.type !== NUMBER) return "";
  const { min_value: low, max_value: high } = option;
  if (low !== undefined && high !== undefined) return `${low} to ${high}`;
  if (low !== undefined) return `${low} or more`;
  return high === undefined ? "" : `${high} at most`;
}

/** What is wrong with a text that was typed for an option; empty if nothing. @param {any} option @param {string} text */
export function problemWith(option, text) {
  if (option.type === STRING) {
    const low = option.min_length ?? 0;
    if (text.length < low) return `at least ${low} characters`;
    return text.length > (option.max_length ?? STRING_MAX) ? limitsOf(option) : "";
  }
  const number = Number(text);
  if (!/^\s*-?\d+([.]\d+)?\s*$/.test(text)) return "a number, please";
  if (option.type === INTEGER && !Number.isInteger(number)) return "a whole number, please";
  return number < (option.min_value ?? -Infinity) || number > (option.max_value ?? Infinity) ? limitsOf(option) : "";
}
