#!/usr/bin/env node
// node tests/e2e/every-page.mjs BASE OFFICERS.json OUT_FOLDER [--modes 1280,320] [--each 2]
//
// OFFICERS.json is {"chair": {"username", "password"}, …}. Every page that any of them can reach by links is found and looked
// at in every mode, by whoever found it first; of pages that differ only in whom they are about, the first `each`. Ends with 1
// where any page has a fault in any mode.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findPages } from "./find-pages.mjs";
import { MODES, pagesInEveryMode } from "./harness.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { modes: { type: "string" }, each: { type: "string", default: "1" } },
});
const [base, officers, out] = positionals;
const modes = values.modes?.split(",") ?? Object.keys(MODES);
const unknown = modes.filter((mode) => !Object.hasOwn(MODES, mode));
if (!out || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no mode ${unknown.join(", ")}; there are ${Object.keys(MODES).join(", ")}.`);
  console.error("usage: node tests/e2e/every-page.mjs BASE OFFICERS.json OUT_FOLDER [--modes 1280,320] [--each 2]");
  process.exit(2);
}

const roles = JSON.parse(await readFile(officers, "utf8"));
const pages = await findPages(base, roles, Number(values.each));
await mkdir(out, { recursive: true });
await writeFile(join(out, "pages.json"), JSON.stringify(pages, null, 1));
console.log(`${pages.length} pages found`);
const faulty = await pagesInEveryMode(base, roles, pages, modes, out);
const all = pages.length * modes.length;
console.log(faulty === 0 ? `All ${all} good: ${pages.length} pages in ${modes.length} modes.` : `${faulty} of ${all} have faults.`);
process.exit(faulty === 0 ? 0 : 1);
