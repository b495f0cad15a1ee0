// Finds every page that officers can reach by links, each kind once or a few times.

/** No page of words: files, pictures, streams. */
const NO_PAGES = [/^\/static\//, /^\/live/, /\.csv$/, /\/attachments\//, /\/html$/, /\/letter$/];
/** Where the way leads that no link does. */
const BEGINNINGS = ["/", "/meetings", "/people", "/mail", "/approvals", "/consultations", "/admin", "/settings", "/accessibility"];
const MOST_OF_AN_OFFICER = 150;
const OFFICERS_AT_ONCE = 3;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Pages as {name, path, role, status}: of each kind, the first `each` that answer, by the first officer who reaches it. */
export async function findPages(base, officers, each) {
  const waiting = Object.entries(officers);
  const reached = new Map();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [role, officer] = next;
      reached.set(role, await follow(base, await cookieOf(base, officer), each));
    }
  };
  await Promise.all(Array.from({ length: OFFICERS_AT_ONCE }, work));
  const found = new Map([["sign-in", [{ name: "sign-in", path: "/sign-in", status: 200 }]]]);
  for (const role of Object.keys(officers)) {
    for (const { kind, path } of reached.get(role)) {
      const alike = found.get(kind) ?? [];
      if (alike.length < each) found.set(kind, [...alike, { name: nameOf(kind, alike.length), path, role, status: 200 }]);
    }
  }
  return [...found.values()].flat();
}

/** What an officer reaches, in the order it is reached. */
async function follow(base, cookie, each) {
  const reached = [];
  const waiting = [...BEGINNINGS];
  const seen = new Set(waiting);
  for (let asked = 0; waiting.length > 0 && asked < MOST_OF_AN_OFFICER; asked += 1) {
    const path = waiting.shift();
    const answer = await fetch(new URL(path, base), { headers: { cookie, accept: "text/html" }, redirect: "manual" });
    if (answer.status !== 200 || !answer.headers.get("content-type")?.startsWith("text/html")) continue;
    reached.push({ kind: kindOf(path), path });
    for (const next of linksIn(await answer.text())) {
      const known = [...seen].filter((one) => kindOf(one) === kindOf(next)).length;
      if (!seen.has(next) && known < each + 2 && !NO_PAGES.some((no) => no.test(next.split("?")[0]))) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return reached;
}

function linksIn(page) {
  const hrefs = [...page.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, href]) => href.replaceAll("&amp;", "&").replaceAll("&#x3D;", "="));
  return hrefs.filter((href) => !href.startsWith("//"));
}

/** What a page is a page of: its path without ids and numbers, and the names of what it is asked. */
function kindOf(path) {
  const [place, query = ""] = path.split("?");
  const asked = [...new URLSearchParams(query).keys()].filter((name) => name !== "cursor" && name !== "after").sort().join(",");
  const kind = place.replaceAll(UUID, "ID").replaceAll(/\/\d+(?=\/|$)/g, "/N");
  return asked ? `${kind}?${asked}` : kind;
}

function nameOf(kind, n) {
  const name = kind.replaceAll(/[^A-Za-z0-9]+/g, "-").replaceAll(/^-|-$/g, "") || "today";
  return n === 0 ? name : `${name}-${n + 1}`;
}

async function cookieOf(base, { username, password }) {
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(new URL("/sign-in", base), { method: "POST", body, redirect: "manual" });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (answer.status !== 303 || !cookie) throw new Error(`${username} cannot sign in: ${answer.status}`);
  return cookie;
}
