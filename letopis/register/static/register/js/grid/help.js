// «?» or the button under the grid shows the keys.

export function help(grid) {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.addEventListener("close", () => grid.selected.focus(), { once: true });
}
