/**
 * Steps of stories about recovery.
 */
import type { Script } from "./acts/ha.js";
import type { Board, Puppet } from "./board.js";

export const NAME = "service";
/** Another service, to fail over to. */
export const OTHER = "other";

/** Waits for NAME to be registered again, and goes on with it. */
export const REOPEN: Script = { steps: [["reopen", NAME]], answer: "last" };

/** A server under a name and a client whose connection to it reopens that name. */
export async function stageService(
  server: Puppet,
  client: Puppet,
): Promise<{ chid: number; coid: number }> {
  const chid = await server.result("name_attach", null, NAME, 0);
  const coid = await client.result("name_open", NAME, 0);
  await client.act("attachReopening", coid, NAME, 0);
  return { chid, coid };
}

/** The server dies and comes back under its name. */
export async function comeBack(
  board: Board,
  server: Puppet,
  name = NAME,
): Promise<{ server: Puppet; chid: number }> {
  await board.kill(server);
  const successor = await board.restart(server);
  return { server: successor, chid: await successor.result("name_attach", null, name, 0) };
}

/** How often recovery functions have been called since the last was attached. */
export async function calls(client: Puppet): Promise<number> {
  return (await client.act("recoveryCalls")).result;
}

/** What the steps of scripts have returned since the last was attached. */
export async function steps(client: Puppet): Promise<number[]> {
  return (await client.act("recoverySteps", [])).args[0] as number[];
}

/** ha_attach with a script. */
export async function script(
  client: Puppet,
  coid: number,
  what: Script,
  flags = 0,
  handle: unknown = null,
): Promise<number> {
  return (await client.act("attachScript", coid, what, flags, handle)).result;
}
