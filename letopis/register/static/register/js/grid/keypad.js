// The keyboard of a phone: big keys under the thumb, shown when a cell is tapped.

export function attachKeypad(grid) {
  const phone = matchMedia("(max-width: 999.98px)");
  const keypad = grid.section.querySelector("[data-keypad]");
  grid.isPhone = () => phone.matches;
  if (!keypad) return;

  const show = (open) => {
    keypad.toggleAttribute("data-open", open);
    grid.section.toggleAttribute("data-keypad-open", open);
  };

  grid.table.addEventListener("click", (event) => {
    if (!grid.isPhone() || !grid.isCell(event.target.closest("td"))) return;
    show(!grid.whyClosed(grid.selected));
    if (grid.whyClosed(grid.selected)) grid.openPanel();
    else grid.selected.scrollIntoView({ block: "center", inline: "nearest" });
  });
  keypad.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("info" in button.dataset) grid.openPanel();
    else if ("next" in button.dataset) grid.select(grid.below(grid.selected));
    else if ("done" in button.dataset) show(false);
    else grid.put(grid.selected, button.value);
  });
}
