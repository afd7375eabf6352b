// «Почему?» opens over the page it was asked on; without script the link leads to the same on a page of its own.
// Attached to the empty dialog. The form in it goes by htmx.

export function attach(dialog) {
  const body = dialog.querySelector("[data-body]");
  if (!dialog.showModal) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-why]");
    // Asked for at the click: this module may be there before htmx is.
    if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.htmx
      .ajax("GET", link.href, { target: body, swap: "innerHTML" })
      .then(() => dialog.open || dialog.showModal())
      .catch(() => location.assign(link.href));
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.dataset.ready = "";
}
