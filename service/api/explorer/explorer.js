// The page of the API: sends its forms to this server, filters the list of calls. No library.
"use strict";

const key = document.getElementById("key");
const find = document.getElementById("find");

function open(id) {
  const call = id && document.getElementById(id);
  if (call && call.matches("details")) call.open = true;
}
open(location.hash.slice(1));
addEventListener("hashchange", () => open(location.hash.slice(1)));

find.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  find.closest("aside").classList.toggle("finding", wanted !== "");
  for (const section of document.querySelectorAll("aside section")) {
    let shown = 0;
    for (const item of section.querySelectorAll("li")) {
      const call = document.getElementById(item.firstElementChild.hash.slice(1));
      const words = (section.firstElementChild.textContent + call.firstElementChild.textContent).toLowerCase();
      item.hidden = wanted !== "" && !words.includes(wanted);
      shown += item.hidden ? 0 : 1;
    }
    section.hidden = shown === 0;
  }
});

function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const upload = new FormData();
  for (const field of form.querySelectorAll("[data-place]")) {
    if (field.value === "") continue;
    if (field.dataset.place === "path") {
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    } else if (field.dataset.place === "query") {
      // Several values of one parameter are written with commas between them.
      for (const value of field.tagName === "INPUT" ? field.value.split(",") : [field.value]) {
        query.append(field.name, value.trim());
      }
    } else if (field.dataset.place === "body") {
      upload.append(field.name, field.type === "file" ? field.files[0] : field.value);
    }
  }
  const options = { method: form.dataset.method, headers: {} };
  if (form.dataset.type === "multipart/form-data") {
    options.body = upload;
  } else if (form.elements.body) {
    options.headers["Content-Type"] = form.dataset.type;
    options.body = form.elements.body.value;
  }
  if (key.value.trim()) options.headers.Authorization = `Bearer ${key.value.trim()}`;
  const asked = query.toString();
  return { address: path + (asked ? `?${asked}` : ""), options };
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function curlOf(address, options) {
  const parts = ["curl"];
  if (options.method !== "GET") parts.push("-X", options.method);
  parts.push(quoted(location.origin + address));
  for (const [name, value] of Object.entries(options.headers)) {
    parts.push("-H", quoted(`${name}: ${name === "Authorization" ? "Bearer $KEY" : value}`));
  }
  if (options.body instanceof FormData) {
    for (const [name, value] of options.body) parts.push("-F", quoted(`${name}=${value.name ? "@" + value.name : value}`));
  } else if (options.body) {
    parts.push("-d", quoted(options.body));
  }
  return parts.join(" ");
}

function pretty(text, type) {
  if (!type.includes("json")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const answer = form.querySelector(".answer");
  const status = form.querySelector(".status");
  const shown = form.querySelector("pre");
  const button = form.querySelector("button");
  const curl = form.querySelector(".curl");
  const { address, options } = requestOf(form);
  curl.textContent = curlOf(address, options);
  curl.hidden = false;
  button.disabled = true;
  const started = performance.now();
  try {
    const response = await fetch(address, options);
    const text = await response.text();
    const taken = Math.round(performance.now() - started);
    status.textContent = `${response.status} ${response.statusText} · ${taken} ms`;
    status.className = `status ${response.ok ? "good" : "bad"}`;
    shown.textContent = pretty(text, response.headers.get("content-type") || "");
  } catch (error) {
    status.textContent = "The server did not answer; see that it runs and send again.";
    status.className = "status bad";
    shown.textContent = String(error);
  } finally {
    answer.hidden = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
