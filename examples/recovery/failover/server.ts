/**
 * One program for two services, each of which crashes after some answers.
 */
import { serve } from "reattach/service";
import { PRIMARY, Primary, SPARE, Spare } from "./services.js";

export interface ServerArgs {
  readonly name: string;
  readonly crashesAfter: number;
}

export function main({ name, crashesAfter }: ServerArgs): void {
  const isPrimary = name === Primary.name;
  let answers = 0;
  serve(isPrimary ? Primary : Spare, {
    ask(_request, reply) {
      if (answers === crashesAfter) throw new Error(`${name} has answered ${answers} times`);
      answers++;
      reply.by = isPrimary ? PRIMARY : SPARE;
    },
  });
}
