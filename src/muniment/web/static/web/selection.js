// Remembers which rows of a list are chosen while one turns its pages, and sends all of them.
// Without this script the form sends what is chosen on the page that is shown.

const form = document.querySelector("form[data-selection]");
if (form) {
  const key = `selection:${location.pathname}`;
  const boxes = [...document.querySelectorAll(`input[type=checkbox][form=${form.id}]`)];
  const count = form.querySelector("[data-selection-count]");
  const clear = form.querySelector("[data-selection-clear]");
  const chosen = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));

  const show = () => {
    for (const box of boxes) box.checked = chosen.has(box.value);
    count.hidden = clear.hidden = chosen.size === 0;
    count.textContent = `${count.dataset.selectionCount} ${chosen.size}`;
    sessionStorage.setItem(key, JSON.stringify([...chosen]));
  };

  for (const box of boxes) {
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
      show();
    });
  }
  clear.addEventListener("click", () => {
    chosen.clear();
    show();
  });
  form.addEventListener("formdata", (event) => {
    event.formData.delete("object");
    for (const value of chosen) event.formData.append("object", value);
  });
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  show();
}
