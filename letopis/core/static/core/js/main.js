// Attaches a behaviour to every element that names one: data-module="dialog" is core/js/dialog.js,
// data-module="register/grid" is register/js/grid.js. Each of these modules exports one function, attach(element).
// Addresses are written without a hash; the import map in the page's head leads them to the hashed files.

const attached = new WeakMap();

function addressOf(name) {
  const [app, file] = name.includes("/") ? name.split("/") : ["core", name];
  return new URL(`../../${app}/js/${file}.js`, import.meta.url).href;
}

async function attachOne(element, name) {
  const names = attached.get(element) ?? new Set();
  if (names.has(name)) return;
  attached.set(element, names.add(name));
  const module = await import(addressOf(name));
  module.attach(element);
}

export function attachAll(root) {
  const elements = [...root.querySelectorAll("[data-module]")];
  if (root.matches?.("[data-module]")) elements.unshift(root);
  for (const element of elements) {
    for (const name of element.dataset.module.split(" ")) attachOne(element, name);
  }
}

attachAll(document);
document.addEventListener("htmx:load", (event) => attachAll(event.detail.elt));
