"use strict";
// Every control that OSCQuery describes, as what a hand moves: the page knows no control by name but the transport.

const byAddress = new Map(); // address -> { show(values) }
const said = document.getElementById("said");
let socket = null, tree = null, shaped = "";

const send = (address, types, values) => {
  if (socket && socket.readyState === WebSocket.OPEN) socket.send(Osc.write(address, types, values));
};

function say(line, bad) {
  said.textContent = line;
  said.title = line;
  said.classList.toggle("bad", Boolean(bad));
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// --- controls ------------------------------------------------------------------------------------------------------

function* methods(node) {
  if (node.TYPE !== undefined) yield node;
  for (const child of Object.values(node.CONTENTS || {})) yield* methods(child);
}

function groupOf(address) {
  const parts = address.split("/").slice(2);
  if (parts[0] === "stem") return parts[1] + (parts[2] === "fx" ? " effects" : "");
  return parts.length > 1 && parts[0] !== "anchor" ? parts[0] : "song";
}

function build(root) {
  const groups = new Map();
  for (const node of methods(root)) {
    if (node.ACCESS !== 3 && !(node.ACCESS === 2 && node.TYPE === "T")) continue;
    const name = groupOf(node.FULL_PATH);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row(node));
  }
  const order = (name) => (name === "song" ? 0 : name.endsWith(" effects") ? 2 : name === "midi" || name === "clock" ? 3 : 1);
  const names = [...groups.keys()].sort((a, b) => order(a) - order(b));
  document.getElementById("groups").replaceChildren(
    ...names.map((name) => element("section", {}, element("h2", { textContent: name }), ...groups.get(name))));
}

function row(node) {
  const address = node.FULL_PATH, parts = address.split("/").slice(2);
  const name = (parts[0] === "stem" ? parts.slice(2) : parts).join(" ").replace(/^fx /, "");
  const label = element("label", { textContent: name, title: node.DESCRIPTION || "" });
  const line = element("div", { className: "row" }, label);
  if (node.ACCESS === 2) {
    line.append(element("button", { className: "wide", textContent: name, onclick: () => send(address, "T", [true]) }));
    return line;
  }
  const values = [...(node.VALUE || [])], needed = [...node.TYPE].slice(0, values.length || node.TYPE.length);
  const shows = needed.map((type, i) => {
    if (i) line.append(element("span")); // a line of its own, under the first
    return field(line, node, type, i, values, () => send(address, needed.join(""), values));
  });
  byAddress.set(address, { show: (fresh) => fresh.forEach((value, i) => { values[i] = value; if (shows[i]) shows[i](value); }) });
  shows.forEach((show, i) => { if (values[i] !== undefined) show(values[i]); });
  return line;
}

// What moves one value of a control, put into its row; returns what shows it.
function field(line, node, type, i, values, moved) {
  const range = (node.RANGE || [])[i] || {}, unit = ((node.UNIT || [])[i] || "").replace(/^\w+\./, "");
  const set = (value) => { values[i] = value; moved(); };
  if (type === "T" || type === "F") {
    const box = element("input", { type: "checkbox", onchange: () => set(box.checked) });
    line.append(element("span", { className: "wide" }, box));
    return (value) => { box.checked = Boolean(value); };
  }
  if (range.VALS) {
    const list = element("select", { className: "wide", onchange: () => set(list.value) },
      ...range.VALS.map((text) => element("option", { textContent: text })));
    line.append(list);
    return (value) => { list.value = value; };
  }
  const sliding = type === "f" && range.MIN !== undefined && range.MAX !== undefined && range.MAX - range.MIN <= 100000;
  if (sliding) {
    const step = (range.MAX - range.MIN) / 1000;
    const shown = element("output");
    const slider = element("input", { type: "range", min: range.MIN, max: range.MAX, step });
    slider.oninput = () => { set(Number(slider.value)); write(Number(slider.value)); };
    const write = (value) => { shown.textContent = Number(value.toPrecision(4)) + (unit ? " " + unit : ""); };
    line.append(slider, shown);
    return (value) => { if (document.activeElement !== slider || !slider.matches(":active")) slider.value = value; write(value); };
  }
  const plain = type === "s" ? { type: "text" } : { type: "number", step: type === "f" ? "any" : 1 };
  const entry = element("input", { ...plain, className: "wide", onchange: () => set(type === "s" ? entry.value : Number(entry.value)) });
  line.append(entry);
  return (value) => { if (document.activeElement !== entry) entry.value = value; };
}

// --- what is told --------------------------------------------------------------------------------------------------

const events = {
  "/musika/error": ([address, , line]) => say(`${address}: ${line}`, true),
  "/musika/told": ([, line]) => say(line),
  "/musika/done": ([take]) => say(`take: ${take}`),
  "/musika/beat": ([beat]) => {
    document.getElementById("where").textContent = `bar ${Math.floor(beat / 4) + 1}.${(beat % 4) + 1}`;
  },
  "/musika/meter": ([stem, peak]) => {
    if (stem === "mix") document.querySelector("#level i").style.width = `${Math.max(0, 100 + peak * 2)}%`;
  },
};

function hear({ data }) {
  if (typeof data === "string") return load();
  const { address, values } = Osc.read(data);
  if (events[address]) events[address](values);
  const control = byAddress.get(address);
  if (control) control.show(values);
  if (address === "/musika/record") document.getElementById("record").classList.toggle("on", Boolean(values[0]));
}

function listen() {
  for (const address of [...byAddress.keys(), "/musika/record", ...Object.keys(events)])
    socket.send(JSON.stringify({ COMMAND: "LISTEN", DATA: address }));
}

// --- beginning -----------------------------------------------------------------------------------------------------

async function load() {
  tree = await (await fetch("/", { headers: { Accept: "application/json" } })).json();
  const shape = JSON.stringify([...methods(tree)].map((node) => [node.FULL_PATH, node.TYPE, node.RANGE]));
  if (shape !== shaped) {
    shaped = shape;
    byAddress.clear();
    build(tree);
  }
  if (socket && socket.readyState === WebSocket.OPEN) listen();
}

function open() {
  socket = new WebSocket(`ws://${location.host}/`);
  socket.binaryType = "arraybuffer";
  socket.onmessage = hear;
  socket.onopen = () => { say("connected"); load().catch((error) => say(String(error), true)); };
  socket.onclose = () => { say("Musika DAW has gone; looking for it…", true); setTimeout(open, 1000); };
}

document.querySelectorAll("[data-press]").forEach((button) => {
  button.onclick = () => send(button.dataset.press, "T", [true]);
});
const record = document.getElementById("record");
record.onclick = () => send("/musika/record", "T", [!record.classList.contains("on")]);
open();
