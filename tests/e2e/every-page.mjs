#!/usr/bin/env node
// npm ci --ignore-scripts --prefix tests/e2e
// node tests/e2e/every-page.mjs BASE PAGES.json OUT_FOLDER [--modes 1280,320]
//
// PAGES.json is {"roles": {"chair": "/link/that/signs/in", ...}, "pages": [{"name", "path", "role", "status"}, ...]}, or
// only the list of pages, whose "role" is then the link itself. A page without a role is opened by somebody who is not
// signed in; "status" is 200 where it is missing. Ends with 1 where any page has a fault in any mode.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { MODES, pagesInEveryMode } from "./harness.mjs";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { modes: { type: "string" } } });
const [base, list, out] = positionals;
const modes = values.modes?.split(",") ?? Object.keys(MODES);
const unknown = modes.filter((mode) => !Object.hasOwn(MODES, mode));
if (!out || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no mode ${unknown.join(", ")}; there are ${Object.keys(MODES).join(", ")}.`);
  console.error("usage: node tests/e2e/every-page.mjs BASE PAGES.json OUT_FOLDER [--modes 1280,320]");
  process.exit(2);
}

const told = JSON.parse(await readFile(list, "utf8"));
const { roles, pages } = Array.isArray(told) ? { roles: {}, pages: told } : told;
const faulty = await pagesInEveryMode(base, roles ?? {}, pages, modes, out);
const all = pages.length * modes.length;
console.log(faulty === 0 ? `All ${all} good: ${pages.length} pages in ${modes.length} modes.` : `${faulty} of ${all} have faults.`);
process.exit(faulty === 0 ? 0 : 1);
