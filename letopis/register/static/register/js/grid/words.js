// The sentences of the script come with the page, in its language; {0}, {1} are the values. A sentence with several forms
// takes that of its first value.

export function readWords(section) {
  const said = JSON.parse(section.querySelector("#register-words").textContent);
  const forms = new Intl.PluralRules(document.documentElement.lang || "ru");
  const form = (list, number) => list[{ one: 0, few: 1 }[forms.select(number)] ?? list.length - 1];
  return (name, ...values) => {
    const sentence = Array.isArray(said[name]) ? form(said[name], values[0]) : said[name];
    return sentence.replace(/\{(\d)\}/g, (_match, index) => values[index]);
  };
}
