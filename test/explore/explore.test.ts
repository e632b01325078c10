/**
 * The scenarios, searched as far as seconds allow: npm run verify goes on to three preemptions.
 */
import test from "tape";
import { emitExplored, loadExplored } from "./build.js";
import { boundsFor, MODES } from "./modes.js";
import { judge } from "./report.js";
import { Search } from "./search.js";

const outDir = emitExplored("explore-test");
const scenarios = await loadExplored(outDir);

for (const scenario of scenarios) {
  test(`explore ${scenario.name}: ${scenario.title}`, (t) => {
    for (const mode of MODES) {
      const bounds = boundsFor(scenario, mode, true);
      if (bounds === null) continue;
      const job = { scenario: scenario.name, mode: mode.name };
      judge(t, job, new Search(scenario, bounds).all());
    }
    t.end();
  });
}
