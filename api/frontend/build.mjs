// Copies what the pages load from node_modules to api/static/vendor; `--dev` adds what only the tests load.
// The boundaries of countries, which the library reads when it puts rows into places, go to data/boundaries.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const vendor = join(here, "..", "static", "vendor");

const files = [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["swagger-ui-dist/swagger-ui-bundle.js", "swagger-ui/swagger-ui-bundle.js"],
  ["swagger-ui-dist/swagger-ui.css", "swagger-ui/swagger-ui.css"],
  ["swagger-ui-dist/favicon-32x32.png", "swagger-ui/favicon-32x32.png"],
];
const boundaries = join(here, "..", "..", "data", "boundaries");
const boundaryFiles = [["world-atlas/countries-50m.json", "countries-50m.json"]];
const testFiles = [["axe-core/axe.min.js", "axe.min.js"]];

const wanted = process.argv.includes("--dev") ? [...files, ...testFiles] : files;
for (const [folder, pairs] of [[vendor, wanted], [boundaries, boundaryFiles]]) {
  await rm(folder, { recursive: true, force: true });
  for (const [from, to] of pairs) {
    const target = join(folder, to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(modules, from), target);
  }
}
