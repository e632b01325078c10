/**
 * The module "xs" of the test host (hosts/xs-linux) on the SDK's own engine, as far as the programs
 * need it that count what is allocated.
 */
const argumentsOfTest = native("xs_test_arguments");

export const args = Object.freeze(argumentsOfTest().split("\n"));
export const exit = native("xs_test_exit");
export const slots = native("xs_test_slots");
export const chunkBytes = native("xs_test_chunkBytes");
export const collect = native("xs_test_collect");
export const collections = native("xs_test_collections");

// What only an instrumented engine counts.

export function bytecodes() {
  return 0;
}

export function stackPeak() {
  return 0;
}
