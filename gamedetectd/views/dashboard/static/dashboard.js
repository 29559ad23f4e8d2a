// Keeps open pages up to date and sends files to import. Every page works without it, but for the import.
"use strict";
(() => {
  const heard = document.getElementById("heard");
  let busy = false;
  let again = false;

  // What the server says now of this page, put in place of what is other, unless somebody is in it.
  async function refresh() {
    if (document.hidden || busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok) {
        take(new DOMParser().parseFromString(await answer.text(), "text/html"));
        heard.className = "unseen";
      }
    } catch {
      lost();
    }
    busy = false;
    if (again) {
      setTimeout(refresh, 500);
    }
  }

  function take(page) {
    for (const old of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(old.id);
      if (!fresh || old.contains(document.activeElement)) {
        continue;
      }
      for (const open of old.querySelectorAll("details[open][id]")) {
        page.getElementById(open.id)?.setAttribute("open", "");
      }
      if (fresh.outerHTML !== old.outerHTML) {
        tell(old, fresh);
        old.replaceWith(document.adoptNode(fresh));
      }
    }
  }

  // A screen reader hears which game began or ended, and not that a minute has passed.
  function tell(old, fresh) {
    const names = (place) => [...place.querySelectorAll("h2, .big")].map((one) => one.textContent).join(", ");
    if (old.id === "playing" && names(old) !== names(fresh)) {
      heard.textContent = names(fresh);
    }
  }

  function lost() {
    heard.className = "note";
    heard.textContent = heard.dataset.lost;
  }

  function listen() {
    if (!document.querySelector("[data-live]")) {
      return;
    }
    const source = new EventSource("/live");
    let opened = false;
    source.addEventListener("hello", () => {
      if (opened) {
        refresh();
      }
      opened = true;
    });
    source.addEventListener("news", refresh);
    source.addEventListener("error", lost);
    source.addEventListener("open", () => { heard.className = "unseen"; });
    document.addEventListener("visibilitychange", refresh);
    setInterval(() => {
      if (!document.hidden) {
        refresh();
      }
    }, 60000);
  }

  // A file goes as it is; the answer is a few lines of text.
  async function bring(event) {
    event.preventDefault();
    const form = event.target;
    const answer = form.querySelector(".answer");
    const say = (title, text = "") => {
      const head = document.createElement("p");
      const body = document.createElement("pre");
      head.textContent = title;
      body.textContent = text;
      answer.replaceChildren(head, body);
    };
    say(form.dataset.wait);
    try {
      const sent = await fetch(form.action, {
        method: "POST",
        body: form.elements.file.files[0],
        headers: { "Content-Type": "application/octet-stream", "X-Gamedetectd-Word": document.body.dataset.word },
      });
      const told = sent.headers.get("content-type")?.startsWith("application/json") ? await sent.json()
        : { title: form.dataset.failed, text: await sent.text() };
      say(told.title ?? form.dataset.done, told.text);
    } catch {
      say(form.dataset.failed);
    }
  }

  for (const form of document.querySelectorAll("form.import")) {
    form.addEventListener("submit", bring);
  }
  listen();
})();
