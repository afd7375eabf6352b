// What a key means in the selected cell. Digits, letters and symbols are sent as they are: the server says what they mean
// and why not. Letters of absence and lateness are read by the place of the key too: the layout does not matter.

const PAUSE_MS = 700;
const PLACES = { KeyY: "absent", KeyJ: "late" };

export function attachTyping(grid) {
  const { section, table } = grid;
  const letters = { absent: section.dataset.absent, late: section.dataset.late };
  const symbols = (section.dataset.symbols ?? "").split(" ").filter(Boolean);
  let draft = null;

  // «о» waits a moment for its minutes: о10; a mark for a second one: 4/3.
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
    if (symbols.includes(event.key)) return event.key;
    return letters[PLACES[event.code]] ?? (/^[\p{L}+]$/u.test(event.key) ? event.key : "");
  }

  const erase = (td) => (grid.range().length ? grid.call("fill", "") : write(td, ""));
  const commands = {
    Enter: (td, event) => {
      finish();
      grid.select(grid.below(td, event.shiftKey ? -1 : 1));
    },
    Delete: erase,
    Backspace: erase,
    Escape: (td) => {
      if (draft) forget();
      else if (grid.range().length) grid.select(td);
      else grid.dropProblem?.(td);
    },
    F2: (td) => writable(td) && grid.call("editor", td),
    "?": () => grid.call("help"),
    "/": () => grid.attachPart("search").then(() => grid.search()),
    "*": (td) => writable(td) && grid.call("everyone", td),
  };

  function writable(td, text) {
    const why = grid.whyClosed(td);
    if (why) grid.tell(why);
    if (why && text !== undefined && grid.mayAsk(td)) grid.offer?.(td, text, why);
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
    if (!writable(td, text)) return;
    forget();
    if (grid.headOf(td).dataset.components && /^\d$/.test(text)) hold(td, text);
    else grid.put(td, text);
  }

  grid.type = (td, text) => {
    if (grid.range().length) grid.call("fill", text);
    else if (draft?.td === td && /^[\d/]$/.test(text)) hold(td, draft.text + text);
    else if (text !== letters.late) write(td, text);
    else if (writable(td, text)) hold(td, text);
  };

  table.addEventListener("keydown", (event) => {
    const td = event.target;
    if (!grid.isCell(td) || event.ctrlKey || event.metaKey || event.altKey) return;
    const command = event.key === "/" && draft ? null : commands[event.key];
    const text = command ? "" : /^[\d/]$/.test(event.key) ? event.key : letterOf(event);
    if (!command && !text) return;
    event.preventDefault();
    if (command) command(td, event);
    else grid.type(td, text);
  });
  table.addEventListener("dblclick", (event) => {
    const td = event.target.closest("td");
    if (grid.isCell(td)) commands.F2(td);
  });
}
