/**
 * All self-tests of the emulated chip.
 */
import { chipSelftest } from "./selftests.js";

chipSelftest("rv32imac", {});
