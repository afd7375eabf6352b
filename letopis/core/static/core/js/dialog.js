// Opens the <dialog> named by data-dialog. On a link, the link itself is the way without script.

export function attach(element) {
  const dialog = document.getElementById(element.dataset.dialog);
  if (!dialog?.showModal) return;
  element.setAttribute("aria-haspopup", "dialog");
  element.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
