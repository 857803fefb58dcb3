// Hears of everything that changes in the sandbox (see sandbox/discord/changes.py for the kinds).

const RETRY_MS = 1000;

/** @type {Map<string, Set<(change: any) => void>>} */
const listeners = new Map();

/**
 * @param {string} kind such as "message.create"; "connected" and "lost" are about the connection itself, "*" is all
 * @param {(change: any) => void} listener
 */
export function listen(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind)?.add(listener);
}

/** @param {any} change */
function tell(change) {
  for (const kind of [change.kind, "*"]) listeners.get(kind)?.forEach((listener) => listener(change));
}

/**
 * Connect, and connect again whenever the connection is lost. Resolves with the first connection: from then on nothing
 * is missed.
 */
export function connect() {
  return new Promise((resolve) => {
    const open = () => {
      const address = new URL("/sandbox/changes", location.href);
      address.protocol = address.protocol.replace("http", "ws");
      const socket = new WebSocket(address);
      let stood = false;
      socket.onopen = () => {
        stood = true;
        tell({ kind: "connected" });
        resolve(undefined);
      };
      socket.onmessage = (event) => tell(JSON.parse(event.data));
      socket.onclose = () => {
        if (stood) tell({ kind: "lost" });
        setTimeout(open, RETRY_MS);
      };
    };
    open();
  });
}

/**
 * Run `work` when it is asked for. All calls during a run lead to one more run after it.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>} resolves after a run that began with the call or later
 */
export function coalesced(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  /** @type {Promise<void> | null} */
  let following = null;
  const run = () => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return run();
    following ??= running
      .catch(() => {})
      .then(() => {
        following = null;
        return run();
      });
    return following;
  };
}
