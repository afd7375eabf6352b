// Where the browser keeps what was typed: codes and values, no names, apart for each person and course, and for each
// open page. A page holds a lock as long as it lives: an unlocked queue is that of a page which is gone, and goes to the
// next page of the same person. Nothing here knows the time of the device.

export function openStore({ user, course }) {
  const mine = `letopis:outbox:${user}:${course}:`;
  const own = mine + makeKey();
  const watched = new Set([own]);
  const { locks } = navigator;
  locks?.request(own, () => new Promise(() => {}));
  const store = {
    // False when the browser keeps nothing for us: then leaving the page asks.
    isKept: true,
    makeKey,
    keep(state) {
      store.isKept = write(own, state);
    },
    // Takes the queue of each other page of this person as soon as that page is gone. Without locks (no https) that may
    // be a living page: keys make it harmless.
    orphans(take) {
      for (const name of names()) {
        if (!name.startsWith(mine) || watched.has(name)) continue;
        const adopt = () => {
          const state = read(name);
          if (state) take(state);
          write(name, null);
        };
        if (!locks) adopt();
        else watched.add(name) && locks.request(name, adopt);
      }
    },
    undo: {
      read: () => read(`letopis:undo:${user}:${course}`) ?? { done: [], undone: [] },
      write: (state) => write(`letopis:undo:${user}:${course}`, state),
    },
    // What another person did here is not to be undone by this one; his unsent marks wait for him.
    forget(isMine = false) {
      for (const name of names()) {
        if (name.startsWith("letopis:undo:") && name.startsWith(`letopis:undo:${user}:`) === isMine) write(name, null);
      }
    },
  };
  return store;
}

function names() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function write(name, state) {
  try {
    if (state === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(state));
    return true;
  } catch {
    return false;
  }
}

// crypto.randomUUID is not there without https.
function makeKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
