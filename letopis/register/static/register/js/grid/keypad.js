// The keyboard of a phone: big keys under the thumb, shown when a cell is tapped, and always in the list of a lesson.

export function attachKeypad(grid) {
  const keypad = grid.section.querySelector("[data-keypad]");
  if (!keypad) return;

  grid.showKeypad = (open) => {
    keypad.toggleAttribute("data-open", open);
    grid.section.toggleAttribute("data-keypad-open", open);
  };

  grid.table.addEventListener("click", (event) => {
    if (!grid.isPhone() || !grid.isCell(event.target.closest("td"))) return;
    grid.showKeypad(!grid.whyClosed(grid.selected));
    if (grid.whyClosed(grid.selected)) grid.openPanel();
    else grid.selected.scrollIntoView({ block: "center", inline: "nearest" });
  });
  // A finger waits for no minutes after «о», but two digits make a mark of two components.
  function put(td, text) {
    const why = grid.whyClosed(td);
    if (why) grid.tell(why);
    else if (grid.headOf(td).dataset.components) grid.type(td, text);
    else grid.put(td, text);
  }

  keypad.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("info" in button.dataset) grid.openPanel();
    else if ("next" in button.dataset) grid.select(grid.below(grid.selected));
    else if ("done" in button.dataset) grid.showKeypad(false);
    else if (button.hasAttribute("value")) put(grid.selected, button.value);
  });
}
