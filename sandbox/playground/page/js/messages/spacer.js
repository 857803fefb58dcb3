// Room above the messages of a channel that do not fill the view: they stand at the bottom then, as in Discord.

import { intro, pending, scroller, spacer, toEnd } from "./column.js";

let waiting = 0;

/** To be called when the height of the view, or of anything in it, has changed. */
export function fitSpacer() {
  cancelAnimationFrame(waiting);
  const start = intro.getBoundingClientRect();
  const isShort = pending.getBoundingClientRect().bottom - start.top < scroller.clientHeight;
  scroller.classList.toggle("short", isShort);
  if (isShort) {
    // Room and intro together fill the view. So the first messages scroll in from below like all others, and nothing
    // jumps. A person cannot scroll up into the room, see `.short`.
    spacer.style.height = `${Math.floor(scroller.clientHeight - start.height)}px`;
    toEnd();
  } else if (spacer.offsetHeight) {
    // The message that filled the view is painted first. Then the room is taken away together with as much of the
    // scroll position. That moves nothing on the screen.
    waiting = requestAnimationFrame(() => {
      waiting = requestAnimationFrame(remove);
    });
  }
}

function remove() {
  const top = scroller.scrollTop - spacer.offsetHeight;
  spacer.style.height = "0";
  scroller.scrollTop = top;
}
