/**
 * What JavaScript cannot do on a device: the functions of native.c. modules.d.ts has their types.
 *
 * Moddable's compiler takes native("name") for the C function of that name.
 */
export const copy = native("xs_reattach_copy");
export const cores = native("xs_reattach_cores");
export const loadModule = native("xs_reattach_load");
export const isDebugged = native("xs_reattach_is_debugged");
export const hasModule = native("xs_reattach_has");
export const park = native("xs_reattach_park");
export const restarted = native("xs_reattach_restarted");
export const retained = native("xs_reattach_retained");
export const retain = native("xs_reattach_retain");
export const guard = native("xs_reattach_guard");
export const feed = native("xs_reattach_feed");
export const restart = native("xs_reattach_restart");
