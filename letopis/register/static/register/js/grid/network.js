// One request with JSON there and back. Never throws: answers {said}, or {why} with what to do: wait and send again,
// sign in, take another key, or nothing (refused).

export async function post(address, said) {
  const body = JSON.stringify(said);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body,
      redirect: "manual",
      // The request outlives a tab that is closed just now; browsers refuse that to long ones.
      keepalive: body.length < 30000,
    });
    if (response.ok) return { said: await response.json() };
    const { status } = response;
    if (response.type === "opaqueredirect" || status === 401 || status === 403) {
      const { code } = await response.json().catch(() => ({}));
      return { why: [code === "OTHER_USER" ? "other_user" : "signed_out"], isOut: true };
    }
    if (status === 409) return { why: ["server", status], isKeyUsed: true };
    if (status >= 500 || status === 429 || status === 408) return { why: ["server", status], again: true };
    return { why: ["server", status], sentence: (await response.json().catch(() => ({}))).sentence };
  } catch {
    return { why: ["offline"], again: true };
  }
}

// The cookie first: it is renewed when a person signs in again in another tab, the page is not.
export function token() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}
