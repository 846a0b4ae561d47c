// Reorders a list by dragging or by its buttons without a round trip; the order of the fields in
// the form is the order that is sent. Without this script each button is a submit of its own.

const list = document.querySelector("[data-reorder]");
if (list) {
  const says = document.querySelector("[data-reorder-says]");
  let dragged = null;

  const tell = (item) => {
    const place = [...list.children].indexOf(item) + 1;
    says.textContent = `${item.dataset.step} ${says.dataset.reorderSays} ${place}`;
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    if (button.dataset.move === "1") item.nextElementSibling?.after(item);
    else item.previousElementSibling?.before(item);
    button.focus();
    tell(item);
  });

  for (const item of list.children) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged.classList.add("steps__step--dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("li");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged.classList.remove("steps__step--dragged");
    tell(dragged);
    dragged = null;
  });
}
