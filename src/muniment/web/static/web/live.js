// Asks for the parts of a page again that the server says have changed. A part is an element with
// data-live="topic:thing" and htmx attributes that react to the event "live".
// While there is no stream (too many pages, an old proxy, the server restarts) it asks every two
// seconds by itself.

const POLL_MS = 2000;
const parts = () => [...document.querySelectorAll("[data-live]")];
const wake = (part) => part.dispatchEvent(new CustomEvent("live"));

let source = null;

const watched = () => [...new Set(parts().map((part) => part.dataset.live))].sort();

function open(topics) {
  const query = new URLSearchParams(topics.map((topic) => ["watch", topic]));
  const stream = new EventSource(`/live?${query}`);
  stream.topics = topics.join(" ");
  stream.addEventListener("changed", (event) => {
    const { topics: changed } = JSON.parse(event.data);
    parts().filter((part) => changed.includes(part.dataset.live)).forEach(wake);
  });
  return stream;
}

// What a page shows may have ended: then nothing is left to watch.
function follow() {
  const topics = watched();
  if (source && source.topics !== topics.join(" ")) {
    source.close();
    source = null;
  }
  if (!source && topics.length) source = open(topics);
}

function poll() {
  if (document.hidden) return;
  if (source?.readyState !== EventSource.OPEN) parts().forEach(wake);
}

if (parts().length) {
  follow();
  document.body.addEventListener("htmx:afterSettle", follow);
  setInterval(poll, POLL_MS);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      source = null;
      follow();
    }
  });
}
