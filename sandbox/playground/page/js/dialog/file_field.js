// A field for files: chosen or dropped.

import { h, icon } from "../dom.js";
import { bytes } from "../messages/attachments.js";

/**
 * @typedef {object} Field a field of a modal
 * @property {string} id custom_id
 * @property {any} control what gets the focus
 * @property {any} element what is shown
 * @property {() => any} value undefined: left as it was
 * @property {() => string} problem empty: may be sent
 * @property {() => File[]} [files]
 */

/** @param {any} data @returns {Field} */
export function fileField(data) {
  const most = data.max_values ?? 1;
  const low = data.required === false ? 0 : (data.min_values ?? 1);
  /** @type {File[]} */
  let chosen = [];
  const names = h("ul", { class: "file-names" });
  const input = h("input", {
    type: "file",
    class: "unseen",
    tabindex: "-1",
    "aria-hidden": "true",
    multiple: most > 1,
  });
  const control = h(
    "button",
    { class: "drop", type: "button", on: { click: () => input.click() } },
    icon("plus"),
    "Choose or drop a file",
  );
  const take = (/** @type {FileList | undefined} */ list) => {
    chosen = [...chosen, ...(list ?? [])].slice(-most);
    names.replaceChildren(...chosen.map((file) => h("li", {}, `${file.name}, ${bytes(file.size)}`)));
  };
  input.addEventListener("change", () => take(input.files));
  const element = h(
    "div",
    {
      on: {
        dragover: (/** @type {DragEvent} */ event) => event.preventDefault(),
        drop: (/** @type {DragEvent} */ event) => {
          event.preventDefault();
          event.stopPropagation();
          take(event.dataTransfer?.files);
        },
      },
    },
    control,
    input,
    names,
  );
  return {
    id: data.custom_id,
    control,
    element,
    value: () => undefined,
    files: () => chosen,
    problem: () => (chosen.length < low ? "Please choose a file" : ""),
  };
}
