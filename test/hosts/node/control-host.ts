/**
 * A process with a control: the program that control tests start, kill and look at from outside.
 *
 *     control-host.ts <path of a manifest> [how it ends]
 *
 * It prints "open" and then what its system is told to do, a line each. Without the second argument
 * it stays until its standard input ends, and then closes the control.
 */
import { openControl } from "reattach/node";
import { fakeControllable } from "./fake-controllable.js";

const [file = "", ending = "stay"] = process.argv.slice(2);
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
/** Never ends what it is told to do: a task that does not die. */
const forever = new Promise(() => undefined);
const control = await openControl(
  fakeControllable(file, (action) => {
    print(action);
    return action.startsWith("restart") ? forever : undefined;
  }),
);
print("open");
if (ending === "exit") process.exit(3);
if (ending === "stay") {
  process.stdin.resume().on("end", () => void control.close());
}
// Otherwise there is nothing more to do, and the control alone must not keep it alive.
