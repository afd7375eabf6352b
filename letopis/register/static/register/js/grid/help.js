// «?» or the button under the grid shows the keys.

export function help(grid) {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.scrollTop = 0; // The button has the focus, and it is at the end of a long list.
  dialog.addEventListener("close", () => grid.selected.focus(), { once: true });
}
