"use strict";
// OSC messages as bytes, both ways: the types that Musika DAW sends and takes.

const Osc = (() => {
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  const padded = (length) => length + 4 - (length % 4); // a text ends with at least one zero

  function write(address, types, values) {
    const parts = [text(address), text("," + [...types].map((t, i) => (t === "T" ? (values[i] ? "T" : "F") : t)).join(""))];
    [...types].forEach((type, i) => {
      if (type === "s") parts.push(text(String(values[i])));
      else if (type !== "T") parts.push(number(type, values[i]));
    });
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { bytes.set(part, at); at += part.length; }
    return bytes;
  }

  function text(value) {
    const raw = encoder.encode(value), bytes = new Uint8Array(padded(raw.length));
    bytes.set(raw);
    return bytes;
  }

  function number(type, value) {
    const view = new DataView(new ArrayBuffer(type === "h" ? 8 : 4));
    if (type === "f") view.setFloat32(0, value);
    else if (type === "h") view.setBigInt64(0, BigInt(value));
    else view.setInt32(0, value);
    return new Uint8Array(view.buffer);
  }

  function read(buffer) {
    const view = new DataView(buffer), bytes = new Uint8Array(buffer);
    let at = 0;
    const word = () => {
      const end = bytes.indexOf(0, at), value = decoder.decode(bytes.subarray(at, end));
      at += padded(end - at);
      return value;
    };
    const address = word(), types = word().slice(1);
    const values = [...types].map((type) => {
      if (type === "s") return word();
      if (type === "T" || type === "F") return type === "T";
      if (type === "N") return null;
      const size = "hdt".includes(type) ? 8 : 4, place = at;
      at += size;
      if (type === "f") return view.getFloat32(place);
      if (type === "d") return view.getFloat64(place);
      return size === 8 ? Number(view.getBigInt64(place)) : view.getInt32(place);
    });
    return { address, values };
  }

  return { write, read };
})();

if (typeof module !== "undefined") module.exports = Osc;
