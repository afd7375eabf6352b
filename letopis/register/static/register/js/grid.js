// The register grid: one Tab stop, keys, each cell saved by itself. Without this script the page is a table to read.
// What the first key needs is loaded with the page; the other parts come at once after it, when the browser is idle, so
// that they are there when the network is not.
import { attachFocus } from "./grid/focus.js";
import { attachSaving } from "./grid/saving.js";
import { attachStatus } from "./grid/status.js";
import { openStore } from "./grid/store.js";
import { readTable } from "./grid/table.js";
import { attachTyping } from "./grid/typing.js";
import { attachUndo } from "./grid/undo.js";
import { readWords } from "./grid/words.js";

const ATTACHED = ["sending", "range", "panel", "search", "keypad", "lessons"];
const CALLED = ["back", "ask", "fill", "paste", "editor", "help", "everyone"];

export function attach(section) {
  const grid = { section, words: readWords(section), ...readTable(section) };
  const { user, cells } = section.dataset;
  const store = openStore({ user, course: cells });
  const parts = new Map();
  const phone = matchMedia("(max-width: 999.98px)");
  grid.isPhone = () => phone.matches;

  // A part exports one function: it is attached once, or called each time.
  const load = async (name) => Object.values(await import(`./grid/${name}.js`))[0];
  grid.call = async (name, ...values) => (await load(name))(grid, ...values);
  grid.attachPart = (name) => {
    if (!parts.has(name)) parts.set(name, load(name).then((attachPart) => attachPart(grid, store)));
    // Without a network it is tried again.
    parts.get(name).catch(() => parts.delete(name));
    return parts.get(name);
  };

  attachStatus(grid);
  attachUndo(grid, store);
  attachSaving(grid, store);
  attachTyping(grid);
  attachFocus(grid);
  section.querySelector("[data-status]").replaceChildren();
  section.querySelector(".keys")?.removeAttribute("hidden");
  section.querySelector("[data-help]")?.addEventListener("click", () => grid.call("help"));
  grid.begin();

  const idle = window.requestIdleCallback ?? setTimeout;
  idle(async () => {
    await Promise.allSettled([...ATTACHED.map(grid.attachPart), ...CALLED.map(load)]);
    section.dataset.ready = "";
  });
}
