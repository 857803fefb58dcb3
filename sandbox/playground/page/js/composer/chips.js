// One option of a command: its name, and a field for its kind.

import { h, icon } from "../dom.js";
import { bytes } from "../messages/attachments.js";
import { choiceField } from "./choice_field.js";
import { nameOf } from "./commands.js";
import { ATTACHMENT, INTEGER, NUMBER, problemWith, STRING } from "./options.js";

/** @typedef {import("./types.js").Form} Form @typedef {import("./types.js").Chip} Chip
 *  @typedef {import("./types.js").Inner} Inner */

/** @param {any} option @param {Form} form @returns {Chip} */
export function makeChip(option, form) {
  const inner = fieldFor(option, form, () => chip);
  const { control } = inner;
  control.setAttribute("aria-label", nameOf(option));
  if (option.required) control.setAttribute("aria-required", "true");
  const name = h(
    "span",
    { class: "chip-name" },
    nameOf(option),
    option.required && h("span", { class: "required", title: "Required" }, "*"),
  );
  const element = h(
    "div",
    {
      class: "chip",
      data: { option: option.name },
      on: {
        click: (/** @type {Event} */ event) => {
          if (event.target === element || event.target === name) control.focus();
        },
      },
    },
    name,
    control,
    inner.beside,
  );
  const isEmpty = inner.isEmpty ?? (() => inner.value() === undefined);
  /** @type {Chip} */
  const chip = {
    option,
    element,
    value: inner.value,
    takeFile: inner.takeFile,
    focus: () => control.focus(),
    problem: () => (isEmpty() ? (option.required ? "this option is required" : "") : inner.problem()),
  };
  element.addEventListener("input", () => element.classList.remove("wrong"));
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Backspace" || !isEmpty() || option.required) return;
    event.preventDefault();
    form.drop(chip);
  });
  return chip;
}

/** @param {any} option @param {Form} form @param {() => Chip} chip @returns {Inner} */
function fieldFor(option, form, chip) {
  if (option.type === ATTACHMENT) return fileField();
  const typed = [STRING, INTEGER, NUMBER].includes(option.type) && !option.choices?.length && !option.autocomplete;
  return typed ? textField(option) : choiceField(option, form, chip);
}

/** @param {any} option @returns {Inner} */
function textField(option) {
  const control =
    option.type === STRING
      ? h("textarea", { class: "chip-field", rows: 1, maxlength: option.max_length, autocomplete: "off" })
      : h("input", {
          class: "chip-field number",
          inputmode: option.type === INTEGER ? "numeric" : "decimal",
          autocomplete: "off",
        });
  return {
    control,
    value: () => (control.value === "" ? undefined : option.type === STRING ? control.value : Number(control.value)),
    problem: () => problemWith(option, control.value),
  };
}

/** @returns {Inner} */
function fileField() {
  /** @type {File | undefined} */
  let file;
  const input = h("input", { type: "file", class: "unseen", tabindex: "-1", "aria-hidden": "true" });
  const text = h("span", {}, "choose or drop a file");
  const control = h(
    "button",
    { class: "chip-file", type: "button", on: { click: () => input.click() } },
    icon("image"),
    text,
  );
  const takeFile = (/** @type {File | undefined} */ given) => {
    file = given;
    text.textContent = given ? `${given.name}, ${bytes(given.size)}` : "choose or drop a file";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.addEventListener("change", () => takeFile(input.files[0]));
  // The first Backspace takes the file away, the next the option.
  control.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Backspace" || !file) return;
    event.stopPropagation();
    takeFile(undefined);
  });
  return { control, beside: [input], value: () => file, problem: () => "", takeFile };
}
