/*
 * The switches. Whatever is not understood ends the run with a sentence that lists what is allowed:
 * a switch that is silently ignored makes a test that cannot fail.
 */
#include "xs-test.h"

Options options = {
	.hasAbortHook = true,
	.hasResetMemory = true,
	.loss_us = 20,
	.lossEvery = 4,
	.queueLength = 10,
	.cores = 2,
	.seed = 1,
};

static const char USAGE[] =
	"[switches] <module> [arguments]\n"
	"  --modules=map.json        modules: {\"app\": \"/path/app.js\", \"lib/*\": \"/path/*\"}\n"
	"  --preload=name,lib/*,…    run in the linker, shared and frozen\n"
	"  --config=file.json        the module mc/config\n"
	"  --creation=file.json      memory of main, and of workers that do not say\n"
	"  --preferences=file        where the module preference keeps its values\n"
	"  --resources=folder        what the module Resource finds in flash\n"
	"  --list-codes=name         writes the bytecode of a module, and runs nothing\n"
	"  --no-abort-hook, --abort-hook\n"
	"  --no-reset-memory         the chip has no memory that a reset leaves alone\n"
	"  --terminate=kill|wait     as an ESP32 (default) or as the Linux simulator\n"
	"  --main-wait=fatal|throw   Atomics.wait in main\n"
	"  --lossy-waits[=us[,every]]  Atomics.wait compares, then queues\n"
	"  --spurious-wakes=n        one wait in n wakes for nothing\n"
	"  --count-calls             says at the end what C has done and what TypeScript\n"
	"  --tell-usage              says at the end what each task has had of its memory\n"
	"  --no-native               messages take TypeScript's way, none that of C\n"
	"  --release                 no line numbers in stacks, and no bytecodes for them\n"
	"  --debugged                xsbug seems to be connected\n"
	"  --locked-atomics          Atomics take a lock, plain stores do not\n"
	"  --clock=ms                what Time.ticks shows at the start, below 2^32\n"
	"  --queue=n  --cores=n  --seed=n\n";

void failUsage(const char* format, ...)
{
	va_list arguments;
	fprintf(stderr, "%s: ", hostName);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nusage: %s %s", hostName, USAGE);
	exitHost(EXIT_USAGE);
}

/* The text after "--name=", or NULL when the argument is another switch. */
static const char* valueOf(const char* argument, const char* name)
{
	size_t length = strlen(name);
	if (strncmp(argument, name, length) != 0 || argument[length] != '=')
		return NULL;
	if (argument[length + 1] == 0)
		failUsage("%s needs a value", argument);
	return argument + length + 1;
}

static uint32_t readNumber(const char* argument, const char* text, char** end, uint32_t least)
{
	unsigned long long value;
	errno = 0;
	value = strtoull(text, end, 10);
	if (*end == text || !isdigit((unsigned char)*text) || errno || value < least || value > INT_MAX)
		failUsage("%s: expected a whole number from %u to %d", argument, least, INT_MAX);
	return (uint32_t)value;
}

static uint32_t readOnly(const char* argument, const char* text, uint32_t least)
{
	char* end;
	uint32_t value = readNumber(argument, text, &end, least);
	if (*end)
		failUsage("%s: expected one number, found %s behind it", argument, end);
	return value;
}

/* As readOnly, up to 2^32 - 1. */
static uint32_t readClock(const char* argument, const char* text)
{
	char* end;
	unsigned long long value = strtoull(text, &end, 10);
	if (*end || !isdigit((unsigned char)*text) || value > UINT32_MAX)
		failUsage("%s: expected a whole number from 0 to %u", argument, UINT32_MAX);
	return (uint32_t)value;
}

static bool readChoice(const char* argument, const char* value, const char* no, const char* yes)
{
	if (strcmp(value, yes) == 0)
		return true;
	if (strcmp(value, no) != 0)
		failUsage("%s: expected %s or %s", argument, no, yes);
	return false;
}

static void readLossyWaits(const char* argument, const char* value)
{
	char* end;
	options.isLossy = true;
	options.loss_us = readNumber(argument, value, &end, 1);
	if (*end == ',')
		options.lossEvery = readNumber(argument, end + 1, &end, 1);
	if (*end)
		failUsage("%s: expected us or us,every", argument);
}

static bool readFile(const char* argument)
{
	const char* value;
	if ((value = valueOf(argument, "--modules")))
		options.modules = value;
	else if ((value = valueOf(argument, "--preload")))
		options.preload = value;
	else if ((value = valueOf(argument, "--config")))
		options.config = value;
	else if ((value = valueOf(argument, "--creation")))
		options.creation = value;
	else if ((value = valueOf(argument, "--preferences")))
		options.preferences = value;
	else if ((value = valueOf(argument, "--resources")))
		options.resources = value;
	else if ((value = valueOf(argument, "--list-codes")))
		options.listing = value;
	else
		return false;
	return true;
}

static bool readFlag(const char* argument)
{
	if (strcmp(argument, "--abort-hook") == 0)
		options.hasAbortHook = true;
	else if (strcmp(argument, "--no-abort-hook") == 0)
		options.hasAbortHook = false;
	else if (strcmp(argument, "--no-reset-memory") == 0)
		options.hasResetMemory = false;
	else if (strcmp(argument, "--lossy-waits") == 0)
		options.isLossy = true;
	else if (strcmp(argument, "--count-calls") == 0)
		options.countsCalls = true;
	else if (strcmp(argument, "--tell-usage") == 0)
		options.tellsUsage = true;
	else if (strcmp(argument, "--no-native") == 0)
		options.isOrdinary = true;
	else if (strcmp(argument, "--release") == 0)
		options.isRelease = true;
	else if (strcmp(argument, "--debugged") == 0)
		options.isDebugged = true;
	else if (strcmp(argument, "--locked-atomics") == 0)
		options.hasLockedAtomics = true;
	else
		return false;
	return true;
}

static bool readValue(const char* argument)
{
	const char* value;
	if ((value = valueOf(argument, "--terminate")))
		options.terminateWaits = readChoice(argument, value, "kill", "wait");
	else if ((value = valueOf(argument, "--main-wait")))
		options.mainWaitThrows = readChoice(argument, value, "fatal", "throw");
	else if ((value = valueOf(argument, "--lossy-waits")))
		readLossyWaits(argument, value);
	else if ((value = valueOf(argument, "--spurious-wakes")))
		options.spuriousEvery = readOnly(argument, value, 1);
	else if ((value = valueOf(argument, "--queue")))
		options.queueLength = readOnly(argument, value, 1);
	else if ((value = valueOf(argument, "--cores")))
		options.cores = readOnly(argument, value, 1);
	else if ((value = valueOf(argument, "--clock"))) {
		options.clock = readClock(argument, value);
		options.hasClock = true;
	}
	else if ((value = valueOf(argument, "--seed")))
		options.seed = readOnly(argument, value, 0);
	else
		return false;
	return true;
}

void readOptions(int argc, char* argv[])
{
	int i = 1;
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (!readFile(argv[i]) && !readFlag(argv[i]) && !readValue(argv[i])
				&& !readHostSwitch(argv[i]))
			failUsage("unknown switch %s", argv[i]);
	}
	if (i >= argc)
		failUsage("no module to run");
	startClock();
	options.program = argv[i];
	options.argumentCount = argc - i - 1;
	options.arguments = argv + i + 1;
}
