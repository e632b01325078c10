/**
 * A puppet as a task of the device host: commands come as messages to its worker.
 */
import { type Command, perform } from "../../../contract/perform.js";

export function main(): void {
  const hear = self.onmessage;
  let isOver = false;
  self.onmessage = (message: object | number): void => {
    if (typeof message === "number" || !("kind" in message)) return hear.call(self, message);
    // What was told to a puppet that has been stopped meanwhile is not done any more.
    if (isOver) return;
    try {
      self.postMessage(perform(message as Command));
    } catch (error) {
      // By its name: this program has its own copy of what it imports from src.
      isOver = (error as { name?: string }).name === "TaskStopped";
      throw error;
    }
  };
}
