/**
 * `npm run test:sdk`: what can only be tested with Moddable's SDK. It builds applications with the
 * SDK's own tools, links them for chips, and runs them on the SDK's XS on this computer.
 *
 * Not part of `npm test`, since the SDK is no npm package: MODDABLE names the folder of one that is
 * installed. Chips need no ESP-IDF here: only the JavaScript half is built.
 */
import tape from "tape";

const { MODDABLE } = process.env;
if (MODDABLE === undefined || MODDABLE === "") {
  console.log("NOTHING WAS TESTED: MODDABLE does not name an installed Moddable SDK");
} else {
  const harness = tape as typeof tape & { wait(): void; run(): void };
  harness.wait();
  await import("./budget.js");
  await import("./check.js");
  await import("./drivers.js");
  await import("./link.js");
  await import("./mqtt-client.js");
  await import("./package.js");
  // Of the desktop platforms, one that has Worker and runs without a window.
  if (process.platform === "linux") {
    await import("./lin.js");
    await import("./boards.js");
    await import("./mods.js");
    await import("./allocation.js");
    await import("./contract.js");
    await import("./tracing.js");
    await import("./xs-linux.js");
  }
  harness.run();
}
