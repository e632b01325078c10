/**
 * An application whose store acts twice for a value when it dies before it has answered, and whose
 * client asks every so often: files of a folder, without claims.
 */
export function storeApp(period_ms: number): Record<string, unknown> {
  return {
    "manifest.json": {
      modules: { "*": ["./store", "./client", "./services"] },
      config: {
        reattach: {
          tasks: {
            store: { module: "store", services: ["store"] },
            client: { module: "client" },
          },
        },
      },
    },
    "services.ts": `
import { call, defineService, u32 } from "reattach/service";
export const Store = defineService("store", { PUT: call({ value: u32 }, {}) });`,
    "store.ts": `
import { serve } from "reattach/service";
import { Store } from "./services";
export function main() {
  serve(Store, { PUT: ({ value }) => console.log(value) });
}`,
    "client.ts": `
import { delay } from "reattach";
import { open } from "reattach/service";
import { Store } from "./services";
export function main() {
  const { PUT } = open(Store);
  for (let value = 1; ; value++) {
    PUT.request.value = value;
    PUT.send();
    delay(${period_ms});
  }
}`,
  };
}
