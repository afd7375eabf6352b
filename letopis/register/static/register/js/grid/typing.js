// What a key means in the selected cell. Digits and letters are sent as they are: the server says what they mean and
// why not. Letters of absence and lateness are read by the place of the key too, so that the layout does not matter.

const PAUSE_MS = 700;
const PLACES = { KeyY: "absent", KeyJ: "late" };

export function attachTyping(grid) {
  const { section, table } = grid;
  const letters = { absent: section.dataset.absent, late: section.dataset.late };
  let draft = null;

  // «о» waits a moment for its minutes: о10.
  function hold(td, text) {
    clearTimeout(draft?.timer);
    grid.touch(td);
    draft = { td, text, before: draft?.before ?? td.textContent, timer: setTimeout(finish, PAUSE_MS) };
    td.textContent = text;
    td.dataset.typing = "";
  }

  function finish() {
    if (!draft) return;
    const { td, text, timer } = draft;
    clearTimeout(timer);
    draft = null;
    delete td.dataset.typing;
    grid.put(td, text);
  }

  grid.finishTyping = finish;
  table.addEventListener("grid:select", finish);
  table.addEventListener("focusout", finish);

  function letterOf(event) {
    const key = event.key.toLocaleLowerCase();
    if (Object.values(letters).includes(key)) return key;
    return letters[PLACES[event.code]] ?? (/^[\p{L}+]$/u.test(event.key) ? event.key : "");
  }

  const commands = {
    Enter: (td, event) => {
      finish();
      grid.select(grid.below(td, event.shiftKey ? -1 : 1));
    },
    Delete: (td) => write(td, ""),
    Backspace: (td) => write(td, ""),
    Escape: (td) => (draft ? forget() : grid.dropProblem(td)),
    F2: (td) => writable(td) && grid.edit(td),
  };

  function writable(td) {
    const why = grid.whyClosed(td);
    if (why) grid.tell(why);
    return !why;
  }

  function forget() {
    if (!draft) return;
    clearTimeout(draft.timer);
    delete draft.td.dataset.typing;
    draft.td.textContent = draft.before;
    draft = null;
  }

  function write(td, text) {
    if (!writable(td)) return;
    forget();
    grid.put(td, text);
  }

  table.addEventListener("keydown", (event) => {
    const td = event.target;
    if (!grid.isCell(td) || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = commands[event.key];
    const digit = /^\d$/.test(event.key) ? event.key : "";
    const letter = command || digit ? "" : letterOf(event);
    if (!command && !digit && !letter) return;
    event.preventDefault();
    if (command) command(td, event);
    else if (digit && draft?.td === td) hold(td, draft.text + digit);
    else if (letter === letters.late && writable(td)) hold(td, letter);
    else if (letter !== letters.late) write(td, digit || letter);
  });
  table.addEventListener("dblclick", (event) => {
    const td = event.target.closest("td");
    if (grid.isCell(td) && writable(td)) grid.edit(td);
  });
}
