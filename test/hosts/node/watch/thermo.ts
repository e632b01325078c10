/**
 * An application for tests of single messages: a thermometer that a client asks fifty times a
 * second, and another who sends it what is of no service.
 */
export const THERMO = {
  "manifest.json": {
    modules: { thermo: "./thermo", client: "./client", plain: "./plain" },
    config: {
      reattach: {
        tasks: {
          server: { module: "thermo", services: ["thermo"] },
          client: { module: "client" },
          plain: { module: "plain" },
        },
      },
    },
  },
  "service.ts": `
import { call, defineService, f32, text, u8 } from "reattach/service";
export const Thermo = defineService("thermo", {
  read: call({ sensor: u8, who: text(8) }, { celsius: f32 }),
});`,
  "thermo.ts": `
import { Server } from "reattach/service";
import { Thermo } from "./service";
export function main() {
  const server = new Server(Thermo, {
    read(request, reply) {
      reply.celsius = 20.5 + request.sensor;
      return 0;
    },
  });
  server.run();
}`,
  "client.ts": `
import { delay } from "reattach";
import { open } from "reattach/service";
import { Thermo } from "./service";
export function main() {
  const thermo = open(Thermo);
  thermo.read.request.who = "me";
  for (let n = 0; ; n = (n + 1) % 3) {
    thermo.read.request.sensor = n;
    thermo.read.send();
    delay(20);
  }
}`,
  // Of no service: its server answers with an error.
  "plain.ts": `
import { MsgSend, delay, name_open } from "reattach";
export function main() {
  let coid = -1;
  for (; coid < 0; delay(5)) coid = name_open("thermo", 0);
  const message = Uint8Array.of(255, 255, 1, 0, 9);
  for (;;) {
    MsgSend(coid, message, 5, null, 0);
    delay(20);
  }
}`,
};
