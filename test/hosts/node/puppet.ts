/**
 * A puppet as a task of the Node host: commands come over a BroadcastChannel of its own.
 */
import { type Command, perform } from "../../contract/perform.js";

export function main({ channel: name }: { channel: string }): void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent): void => {
    channel.postMessage(perform(data as Command));
  };
  channel.postMessage("ready");
}
