/*
 * The built-in modules: the part of Moddable 8.2's that an application of this project imports,
 * with the same names and the same ways, our own native module, and the test's window "xs".
 *
 * Their sources name functions of C with `@ "name"`, as Moddable's own modules do.
 */
#include "xs-test.h"

static const char WORKER[] =
	"class Worker @ \"xs_worker_destructor\" {\n"
	"  constructor(module, options) @ \"xs_worker\"\n"
	"  postMessage(message) @ \"xs_worker_postMessage\"\n"
	"  terminate() @ \"xs_worker_terminate\"\n"
	"}\n"
	"export default Worker;\n";

static const char TIMER[] =
	"class Timer @ \"xs_timer_destructor\" {\n"
	"  static set(callback, delay, repeat) @ \"xs_timer_set\"\n"
	"  static repeat(callback, delay) @ \"xs_timer_repeat\"\n"
	"  static schedule(id, delay, repeat) @ \"xs_timer_schedule\"\n"
	"  static clear(id) @ \"xs_timer_clear\"\n"
	"  static delay(milliseconds) @ \"xs_timer_delay\"\n"
	"}\n"
	"export default Timer;\n";

static const char TIME[] =
	"class Time {\n"
	"  static get ticks() @ \"xs_time_ticks\"\n"
	"  static get microseconds() @ \"xs_time_microseconds\"\n"
	"  static delta(start, end) @ \"xs_time_delta\"\n"
	"}\n"
	"export default Time;\n";

static const char PREFERENCE[] =
	"class Preference {\n"
	"  static set(domain, name, value) @ \"xs_preference_set\"\n"
	"  static get(domain, name) @ \"xs_preference_get\"\n"
	"  static delete(domain, name) @ \"xs_preference_delete\"\n"
	"  static keys(domain) @ \"xs_preference_keys\"\n"
	"}\n"
	"export default Preference;\n";

static const char RESOURCE[] =
	"function load(name) @ \"xs_resource\"\n"
	"export default class Resource {\n"
	"  constructor(name) { return load(name); }\n"
	"}\n";

static const char NATIVE[] =
	"export function copy(target, targetStart, source, sourceStart, count) @ \"xs_native_copy\"\n"
	"export function cores() @ \"xs_native_cores\"\n"
	"export function loadModule(name) @ \"xs_native_load\"\n"
	"export function isDebugged() @ \"xs_native_is_debugged\"\n"
	"export function hasModule(name) @ \"xs_native_has\"\n"
	"export function park() @ \"xs_native_park\"\n"
	"export function restarted() @ \"xs_native_restarted\"\n"
	"export function retained() @ \"xs_native_retained\"\n"
	"export function retain(text) @ \"xs_native_retain\"\n"
	"export function guard(ms, record) @ \"xs_native_guard\"\n"
	"export function feed() @ \"xs_native_feed\"\n"
	"export function restart() @ \"xs_native_restart\"\n";

static const char MESSAGES[] =
	"export function attach() @ \"xs_reattach_attach\"\n"
	"export function arm(states) @ \"xs_reattach_arm\"\n"
	"export function send(coid, smsg, sbytes, rmsg, rbytes) @ \"xs_reattach_send\"\n"
	"export function MsgReceive(chid, msg, bytes, info) @ \"xs_reattach_MsgReceive\"\n"
	"export function MsgReply(rcvid, status, msg, bytes) @ \"xs_reattach_MsgReply\"\n"
	"export function MsgError(rcvid, errno) @ \"xs_reattach_MsgError\"\n";

static const char TRACED_MESSAGES[] =
	"export function attach() @ \"xs_reattach_traced_attach\"\n"
	"export function arm(states) @ \"xs_reattach_traced_arm\"\n"
	"export function send(coid, smsg, sbytes, rmsg, rbytes) @ \"xs_reattach_traced_send\"\n"
	"export function MsgReceive(chid, msg, bytes, info) @ \"xs_reattach_traced_MsgReceive\"\n"
	"export function MsgReply(rcvid, status, msg, bytes) @ \"xs_reattach_traced_MsgReply\"\n"
	"export function MsgError(rcvid, errno) @ \"xs_reattach_traced_MsgError\"\n"
	"export function record(kind, task, value, message) @ \"xs_reattach_record\"\n";

static const char XS[] =
	"export function exit(code) @ \"xs_exit\"\n"
	"export function slots() @ \"xs_slots\"\n"
	"export function chunkBytes() @ \"xs_chunkBytes\"\n"
	"export function collections() @ \"xs_collections\"\n"
	"export function bytecodes() @ \"xs_bytecodes\"\n"
	"export function collect() @ \"xs_collect\"\n"
	"export function enableCollections(on) @ \"xs_enableCollections\"\n"
	"export function ram() @ \"xs_ram\"\n"
	"export function busy() @ \"xs_busy\"\n"
	"export function stackPeak() @ \"xs_stackPeak\"\n"
	"export function codeBytes(prefix) @ \"xs_codeBytes\"\n"
	"export function waits() @ \"xs_waits\"\n"
	"export function notifies() @ \"xs_notifies\"\n"
	"export function losses() @ \"xs_losses\"\n"
	"export function locks() @ \"xs_locks\"\n"
	"export const args = Object.freeze(globalThis[\"arguments of the test host\"]);\n"
	"export default Object.freeze({ exit, args, slots, chunkBytes, collections, bytecodes,\n"
	"  collect, enableCollections, ram, busy, stackPeak, codeBytes, waits, notifies, losses,\n"
	"  locks });\n";

typedef struct {
	const char* name;
	xsCallback callback;
} HostFunction;

#define HOST(NAME) { #NAME, NAME }
static const HostFunction FUNCTIONS[] = {
	{ "xs_worker_destructor", (xsCallback)xs_worker_destructor },
	{ "xs_timer_destructor", (xsCallback)xs_timer_destructor },
	HOST(xs_worker), HOST(xs_worker_postMessage), HOST(xs_worker_terminate),
	HOST(xs_timer_set), HOST(xs_timer_repeat), HOST(xs_timer_schedule), HOST(xs_timer_clear),
	HOST(xs_timer_delay), HOST(xs_time_ticks), HOST(xs_time_microseconds), HOST(xs_time_delta),
	HOST(xs_preference_set), HOST(xs_preference_get), HOST(xs_preference_delete),
	HOST(xs_preference_keys), HOST(xs_resource), HOST(xs_native_copy), HOST(xs_native_cores),
	HOST(xs_native_load), HOST(xs_native_has), HOST(xs_native_park), HOST(xs_native_restart),
	HOST(xs_exit), HOST(xs_native_guard), HOST(xs_native_feed), HOST(xs_native_is_debugged),
	HOST(xs_native_restarted), HOST(xs_native_retained), HOST(xs_native_retain),
	HOST(xs_slots), HOST(xs_chunkBytes), HOST(xs_collections), HOST(xs_bytecodes),
	HOST(xs_collect), HOST(xs_enableCollections), HOST(xs_ram), HOST(xs_busy), HOST(xs_stackPeak),
	HOST(xs_codeBytes), HOST(xs_waits), HOST(xs_notifies), HOST(xs_losses),
	HOST(xs_locks), HOST(xs_reattach_attach), HOST(xs_reattach_arm),
	{ "xs_reattach_send", (xsCallback)xs_measured_send },
	{ "xs_reattach_MsgReceive", (xsCallback)xs_measured_MsgReceive }, HOST(xs_reattach_MsgReply),
	HOST(xs_reattach_MsgError), HOST(xs_reattach_traced_attach), HOST(xs_reattach_traced_arm),
	HOST(xs_reattach_traced_send), HOST(xs_reattach_traced_MsgReceive),
	HOST(xs_reattach_traced_MsgReply), HOST(xs_reattach_traced_MsgError), HOST(xs_reattach_record),
};

xsCallback findHostFunction(const char* name)
{
	size_t i;
	for (i = 0; i < sizeof(FUNCTIONS) / sizeof(FUNCTIONS[0]); i++) {
		if (strcmp(FUNCTIONS[i].name, name) == 0)
			return FUNCTIONS[i].callback;
	}
	failRun(EXIT_LINK, "no host function %s", name);
}

/* What the map names wins: an application may bring its own. */
static void addBuiltin(const char* name, const char* source)
{
	if (!findModule(name))
		addModule(name, NULL, source);
}

void addBuiltins(void)
{
	addBuiltin("worker", WORKER);
	/* The same once more, as xs/preference: for a test that puts its own module in front of it. */
	addBuiltin("xs/worker", WORKER);
	addBuiltin("timer", TIMER);
	addBuiltin("time", TIME);
	addBuiltin("preference", PREFERENCE);
	addBuiltin("xs/preference", PREFERENCE);
	addBuiltin("Resource", RESOURCE);
	addBuiltin("reattach/moddable/native", NATIVE);
	addBuiltin("reattach/moddable/messages", MESSAGES);
	addBuiltin("reattach/trace/messages", TRACED_MESSAGES);
	addBuiltin("xs", XS);
}
