// Asks for the parts of a page again that the server says have changed. A part is an element with
// data-live="topic:thing" and htmx attributes that react to the event "live".
// While there is no stream (too many pages, an old proxy, the server restarts) it asks every two
// seconds by itself, and says so while the server does not answer. What may not be shown any more
// (the session ended, a role was taken away) is said too, and not asked for again.

const POLL_MS = 2000;
const STREAM_MS = 10000;
const parts = () => [...document.querySelectorAll("[data-live]")];
const wake = (part) => part.dispatchEvent(new CustomEvent("live"));
const note = (name) => document.querySelector(`[data-connection="${name}"]`);

let source = null;
let opened = 0;
let isOver = false;

const watched = () => [...new Set(parts().map((part) => part.dataset.live))].sort();

function open(topics) {
  const query = new URLSearchParams(topics.map((topic) => ["watch", topic]));
  const stream = new EventSource(`/live?${query}`);
  stream.topics = topics.join(" ");
  opened = Date.now();
  stream.addEventListener("changed", (event) => {
    const { topics: changed } = JSON.parse(event.data);
    parts().filter((part) => changed.includes(part.dataset.live)).forEach(wake);
  });
  return stream;
}

// What a page shows may have ended: then nothing is left to watch.
function follow() {
  const topics = watched();
  const isRefused = source?.readyState === EventSource.CLOSED && Date.now() - opened > STREAM_MS;
  if (source && (isRefused || source.topics !== topics.join(" "))) {
    source.close();
    source = null;
  }
  if (!source && topics.length && !isOver) source = open(topics);
}

function poll() {
  if (document.hidden || isOver) return;
  follow();
  if (source?.readyState !== EventSource.OPEN) parts().forEach(wake);
}

function say(name) {
  for (const each of ["lost", "over"]) note(each).hidden = each !== name;
}

function end() {
  isOver = true;
  source?.close();
  say("over");
}

// Whoever is signed out is led to the sign-in page, which is no part of this one.
const isElsewhere = (xhr) => new URL(xhr.responseURL || location.href).pathname === "/login/";

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isElsewhere(event.detail.xhr)) return;
  event.detail.shouldSwap = false;
  end();
});
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if ([401, 403, 404].includes(status)) end();
  else if (status >= 500) say("lost");
});
document.addEventListener("htmx:sendError", () => say("lost"));
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (!isOver && event.detail.xhr.status < 400) say("");
});

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
