/**
 * A sample of the self-tests of the emulated chip, with all that only a chip does.
 */
import { chipSelftest } from "./selftests.js";

chipSelftest("rv32imac", { oneIn: 8 });
