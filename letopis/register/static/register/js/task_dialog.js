// The head of a column opens the editor of its work over the grid; without script the link leads to the same form on a
// page of its own. Attached to the empty dialog.

export function attach(dialog) {
  if (!dialog.showModal) return;
  document.querySelector("table.g thead")?.addEventListener("click", async (event) => {
    const link = event.target.closest("a.kind");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const here = `${location.pathname}${location.search}`;
    const address = `${link.getAttribute("href")}?next=${encodeURIComponent(here)}`;
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!response.ok) throw new Error(response.status);
      dialog.querySelector("[data-body]").innerHTML = await response.text();
      dialog.showModal();
    } catch {
      location.assign(address);
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}
