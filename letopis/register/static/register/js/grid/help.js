// «?» or the button under the grid shows the keys.

export function attachHelp(grid) {
  const dialog = document.getElementById("keys");
  if (!dialog) return;
  const show = () => dialog.showModal();
  grid.section.querySelector("[data-help]").addEventListener("click", show);
  grid.table.addEventListener("keydown", (event) => {
    if (event.key !== "?" || event.target.tagName === "INPUT") return;
    event.preventDefault();
    show();
  });
  dialog.addEventListener("close", () => grid.selected.focus());
}
