// A text in the fragment of an address, which browsers send to nobody: compressed, in the letters that addresses have.

const longest = 200_000; // characters of a text that is read from an address

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function packed(state) {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// Returns null for a fragment that holds no state: it comes from anybody.
export async function unpacked(fragment) {
  if (!fragment || fragment.length > longest) return null;
  try {
    const letters = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const pieces = [];
    for (let length = 0; ;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > 5 * longest) return null;
      pieces.push(value);
    }
    const state = JSON.parse(await new Blob(pieces).text());
    const texts = [state.t, state.f, state.p].every((each) => typeof each === "string");
    return texts ? { t: state.t, f: state.f, p: state.p, c: state.c === true } : null;
  } catch {
    return null;
  }
}
