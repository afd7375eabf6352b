// Ctrl+Z: the last own change is put back, as an ordinary change with its own entry in the history.

const LIMIT = 50;

export function attachUndo(grid) {
  const changes = [];

  grid.remember = (td, text) => {
    changes.push({ td, text });
    if (changes.length > LIMIT) changes.shift();
  };

  grid.table.addEventListener("keydown", (event) => {
    // The place of the key: in the Russian layout it is «я».
    if (event.code !== "KeyZ" || !(event.ctrlKey || event.metaKey) || event.target.tagName === "INPUT") return;
    event.preventDefault();
    grid.finishTyping();
    const change = changes.pop();
    if (!change) {
      grid.tell(grid.words("nothing_to_undo"));
      return;
    }
    grid.select(change.td);
    grid.put(change.td, change.text, { remember: false });
    grid.tell(grid.words("undone", change.text || grid.words("empty")));
  });
}
