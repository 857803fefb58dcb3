// The page's start: every part listens before the first news arrives.

import { startAlert, warn } from "./alert.js";
import { connect } from "./changes.js";
import { startClock } from "./clock.js";
import { startComposer } from "./composer/composer.js";
import { startModals } from "./dialog/modal.js";
import { startHeader } from "./header.js";
import { startHistory } from "./messages/history.js";
import { startList } from "./messages/list.js";
import { startPending } from "./messages/pending.js";
import { startTyping } from "./messages/typing.js";
import { startPanel } from "./panel/panel.js";
import { startSession } from "./session.js";
import { startSidebar } from "./sidebar.js";

window.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  warn(event.reason);
});

startAlert();
startClock();
startList();
startPending();
startTyping();
startSidebar();
startHeader();
startComposer();
startPanel();
startModals();
startHistory();
await connect();
await startSession();
document.documentElement.dataset.ready = "true";
