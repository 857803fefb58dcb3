// The fields of a modal: each knows its value and whether it may be sent.

import { selectControl } from "../components/select.js";
import { SELECTS, T } from "../components/types.js";
import { h } from "../dom.js";
import { markdown } from "../markdown/render.js";
import { fileField } from "./file_field.js";

const TEXT_MAX = 4000;
const PARAGRAPH = 2;
let count = 0;

/** @typedef {import("./file_field.js").Field} Field */

/** @param {any[]} components @returns {{elements: any[], focus(): void, check(): boolean, values(): {options: any, files: [string, File][]}}} */
export function fields(components) {
  /** @type {(Field & {error: HTMLElement})[]} */
  const made = [];
  const add = (/** @type {any} */ data, /** @type {string} */ label, /** @type {string} */ description) => {
    const field = makeField(data);
    const id = `field-${++count}`;
    const error = h("p", { class: "failure", id: `${id}-error`, hidden: true });
    field.control.id = id;
    field.control.setAttribute("aria-describedby", `${id}-hint ${id}-error`);
    made.push({ ...field, error });
    const required = data.required !== false && data.type !== T.CHECKBOX;
    return h(
      "div",
      { class: "field-box" },
      h("label", { for: id }, label, required && h("span", { class: "required", title: "Required" }, " *")),
      h("p", { class: "hint", id: `${id}-hint` }, description),
      field.element,
      error,
    );
  };
  const elements = components.flatMap((one) => {
    if (one.type === T.LABEL) return [add(one.component, one.label, one.description ?? "")];
    if (one.type === T.ROW) return one.components.map((/** @type {any} */ inner) => add(inner, inner.label ?? "", ""));
    return one.type === T.TEXT ? [markdown(one.content)] : [];
  });
  return {
    elements,
    focus: () => made[0]?.control.focus(),
    check() {
      const wrong = made.filter((field) => {
        const problem = field.problem();
        field.error.textContent = problem;
        field.error.hidden = !problem;
        field.control.setAttribute("aria-invalid", String(Boolean(problem)));
        return problem;
      });
      wrong[0]?.control.focus();
      return !wrong.length;
    },
    values() {
      const given = made.filter((field) => !field.files).map((field) => [field.id, field.value()]);
      const files = made.flatMap((field) =>
        (field.files?.() ?? []).map((file) => /** @type {[string, File]} */ ([field.id, file])),
      );
      return { options: Object.fromEntries(given.filter(([, value]) => value !== undefined)), files };
    },
  };
}

/** @param {any} data @returns {Field} */
function makeField(data) {
  if (data.type === T.TEXT_INPUT) return textField(data);
  if (SELECTS.has(data.type)) return selectField(data);
  if (data.type === T.FILE_UPLOAD) return fileField(data);
  return choiceField(data);
}

/** @param {any} data @returns {Field} */
function textField(data) {
  const long = data.style === PARAGRAPH;
  const most = data.max_length ?? TEXT_MAX;
  const control = h(long ? "textarea" : "input", {
    class: "text-field",
    rows: long ? 5 : null,
    maxlength: most,
    placeholder: data.placeholder,
    autocomplete: "off",
  });
  control.value = data.value ?? "";
  const left = h("span", { class: "count hint", "aria-hidden": "true" });
  const show = () => {
    left.textContent = `${control.value.length} / ${most}`;
  };
  control.addEventListener("input", show);
  show();
  return {
    id: data.custom_id,
    control,
    element: h("div", { class: "text-box" }, control, long && left),
    value: () => control.value,
    problem: () => {
      if (!control.value) return data.required === false ? "" : "Please fill this in";
      return control.value.length < (data.min_length ?? 0) ? `At least ${data.min_length} characters` : "";
    },
  };
}

/** @param {any} data @returns {Field} */
function selectField(data) {
  const control = selectControl(data, () => {}, "Choose");
  const low = data.required === false ? 0 : (data.min_values ?? 1);
  return {
    id: data.custom_id,
    control,
    element: control,
    value: () => control.values(),
    problem: () =>
      control.values().length < low ? (low === 1 ? "Please choose" : `Please choose at least ${low}`) : "",
  };
}

/** Radio buttons and checkboxes. @param {any} data @returns {Field} */
function choiceField(data) {
  const single = data.type === T.CHECKBOX;
  const options = single ? [{ label: "Yes", value: "yes", default: data.default }] : data.options;
  const name = `group-${++count}`;
  const inputs = options.map((/** @type {any} */ one) => {
    const input = h("input", { type: data.type === T.RADIO_GROUP ? "radio" : "checkbox", name, value: one.value });
    input.checked = Boolean(one.default);
    return input;
  });
  const element = h(
    "div",
    { class: "options", role: data.type === T.RADIO_GROUP ? "radiogroup" : "group" },
    options.map((/** @type {any} */ one, /** @type {number} */ index) =>
      h(
        "label",
        { class: "option" },
        inputs[index],
        h("span", {}, one.label, one.description && h("span", { class: "hint" }, one.description)),
      ),
    ),
  );
  const chosen = () =>
    inputs.filter((/** @type {any} */ one) => one.checked).map((/** @type {any} */ one) => one.value);
  const values =
    { [T.CHECKBOX]: () => chosen().length > 0, [T.RADIO_GROUP]: () => chosen()[0], [T.CHECKBOX_GROUP]: chosen }[
      data.type
    ] ?? chosen;
  const low = single || data.required === false ? 0 : (data.min_values ?? 1);
  const high = data.max_values ?? options.length;
  return {
    id: data.custom_id,
    control: inputs[0],
    element,
    value: values,
    problem: () => {
      if (chosen().length < low) return "Please choose";
      return chosen().length > high ? `At most ${high}` : "";
    },
  };
}
