// The register grid: one Tab stop, keys, each cell saved by itself. Without this script the page is a table to read.
import { attachEditor } from "./grid/editor.js";
import { attachFocus } from "./grid/focus.js";
import { attachHelp } from "./grid/help.js";
import { attachKeypad } from "./grid/keypad.js";
import { attachPanel } from "./grid/panel.js";
import { attachSaving } from "./grid/saving.js";
import { attachStatus } from "./grid/status.js";
import { readTable } from "./grid/table.js";
import { attachTyping } from "./grid/typing.js";
import { attachUndo } from "./grid/undo.js";
import { readWords } from "./grid/words.js";

export function attach(section) {
  const grid = { section, words: readWords(section), ...readTable(section) };
  attachStatus(grid);
  attachSaving(grid);
  attachUndo(grid);
  attachEditor(grid);
  attachPanel(grid);
  attachTyping(grid);
  attachKeypad(grid);
  attachHelp(grid);
  attachFocus(grid);
  section.querySelector("[data-status]").replaceChildren();
  section.querySelector(".keys")?.removeAttribute("hidden");
}
