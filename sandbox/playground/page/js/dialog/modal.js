// A modal that the bot opened: its fields, and sending it.

import { byId, h, icon } from "../dom.js";
import { interact, NO_RESPONSE, onModal } from "../interactions.js";
import { nameOf } from "../people.js";
import { mine, session } from "../session.js";
import { fields } from "./fields.js";

let count = 0;

export function startModals() {
  onModal(openModal);
}

/** @param {string} interaction id of the interaction that the modal answers @param {any} modal */
function openModal(interaction, modal) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const form = fields(modal.components);
  const problem = h("p", { class: "failure", role: "alert", hidden: true });
  const send = h("button", { class: "button primary", type: "submit" }, "Submit");
  const titleId = `dialog-${++count}`;
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId },
    h(
      "form",
      { method: "dialog", novalidate: true, on: { submit } },
      h(
        "header",
        { class: "dialog-head" },
        h("div", {}, h("h2", { id: titleId }, modal.title), h("p", { class: "hint" }, nameOf(session.world.bot))),
        h(
          "button",
          { class: "icon-button", type: "button", "aria-label": "Close", on: { click: () => dialog.close() } },
          icon("close"),
        ),
      ),
      h("div", { class: "dialog-fields" }, form.elements),
      h(
        "footer",
        { class: "dialog-foot" },
        problem,
        h("button", { class: "button secondary", type: "button", on: { click: () => dialog.close() } }, "Cancel"),
        send,
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
    else byId("composer").querySelector("textarea")?.focus();
  });
  // Enter sends only with Ctrl where the field has lines of its own.
  dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
  });
  document.body.append(dialog);
  dialog.showModal();
  form.focus();

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (!form.check() || send.disabled) return;
    send.disabled = true;
    problem.hidden = true;
    try {
      const { options, files } = form.values();
      const status = await interact(mine("/submit"), { interaction, options }, files);
      if (status === "failed") fail(NO_RESPONSE);
      else dialog.close();
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    } finally {
      send.disabled = false;
    }
  }

  /** @param {string} text */
  function fail(text) {
    problem.textContent = text;
    problem.hidden = false;
  }
}
