/**
 * ha_creat: what it asks of the manager.
 */
import test from "tape";
import { ha_creat } from "../../../src/ha/open.js";
import { EAGAIN, ENOENT } from "../../../src/kernel/errno.js";
import { name_attach } from "../../../src/kernel/name/name.js";
import { as, Bench, portOf } from "../kernel/vms.js";

const rfn = (): number => -1;

test("ha_creat: the manager starts the service, and it is waited for", (t) => {
  const bench = new Bench();
  const server = bench.start(1);
  const client = bench.start(2, 10, true);
  const asked: string[] = [];
  portOf(client).manager = {
    serviceLost() {},
    startService(service) {
      asked.push(service);
      if (service !== "service") return -ENOENT;
      // The task registers its name a moment later: at the next look at the clock.
      portOf(client).atNow = () => as(server, () => name_attach(null, service, 0));
      return 0;
    },
  };
  as(client, () => {
    t.equal(ha_creat("nobody", 0, rfn, null, 0), -ENOENT, "not declared");
    t.ok(ha_creat("service", 0, rfn, null, 0) > 0, "a connection");
    t.ok(ha_creat("service", 0, rfn, null, 0) > 0, "another, to what runs already");
  });
  t.deepEqual(asked, ["nobody", "service"], "the manager was asked when nobody had the name");
  t.end();
});

test("ha_creat: on the main VM it does not wait", (t) => {
  const bench = new Bench();
  portOf(bench.main).manager = { serviceLost() {}, startService: () => 0 };
  as(bench.main, () => t.equal(ha_creat("service", 0, rfn, null, 0), -EAGAIN, "-EAGAIN"));
  t.end();
});
