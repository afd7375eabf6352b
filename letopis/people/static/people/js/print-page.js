// Opens the print dialog of the browser. Hidden without script: there the browser's own menu prints.

export function attach(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
