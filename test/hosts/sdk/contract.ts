/**
 * The contract suite as an application that mcconfig has linked, on the SDK's own engine: the cases
 * of typed services, whose definitions the linker has made, and all that want the default limits.
 * (The other limits are for the test host, xs-linux.ts: each would be a build of its own.)
 */
import test from "tape";
import type { ContractCase } from "../../contract/board.js";
import { contractCases } from "../../contract/index.js";
import { serviceCases } from "../../contract/service.js";
import { CONTRACT_PROGRAMS, configFor, DEFINED, groups, replayAll } from "../xs-linux/contract.js";
import { buildPrograms, runFresh } from "./programs.js";

const isOfServices = (each: ContractCase): boolean => serviceCases.includes(each);
const isOrdinary = ({ limits, priorities, abilities }: ContractCase): boolean =>
  limits === undefined && priorities === undefined && abilities === undefined;

async function play(t: test.Test, name: string, cases: readonly ContractCase[]): Promise<void> {
  const config = configFor(cases);
  const programs = { main: "contract", programs: CONTRACT_PROGRAMS, reachesWorkers: true };
  const app = await buildPrograms(t, { name, ...programs, config, preload: DEFINED });
  const { code, text } = await runFresh(app);
  replayAll(t, cases, text);
  t.equal(code, 0, "the process ends well");
}

test("lin: contract: typed services", async (t) => {
  const found = groups(contractCases).filter((group) => group.some(isOfServices));
  t.deepEqual(
    serviceCases.filter((each) => !found.flat().includes(each)),
    [],
    "all of them are played",
  );
  for (const group of found) await play(t, "contract-services", group);
});

test("lin: contract: what wants the default limits", async (t) => {
  await play(t, "contract", contractCases.filter(isOrdinary));
});
