// The sentences of the script come with the page, in its language; {0}, {1} are the values.

export function readWords(section) {
  const said = JSON.parse(section.querySelector("#register-words").textContent);
  return (name, ...values) => said[name].replace(/\{(\d)\}/g, (_match, index) => values[index]);
}
