/*
 * Moddable's simulator for Linux without its window: runs an application that mcconfig has built
 * for "lin", with a mod of mcrun or without, and writes its log to standard output.
 *
 * The real simulator loads the same library into a window and calls the same function. What is
 * missing here, the picture and the buttons of a device, no application of the tests uses. The
 * header is the SDK's.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "screen.h"

#define WIDTH 240
#define HEIGHT 320
/* What this exits with when XS gives up. */
#define ABORT_EXIT_CODE 44

static void onAbort(txScreen *screen, int status)
{
	(void)screen;
	fprintf(stderr, "XS gives up: %d\n", status);
	exit(ABORT_EXIT_CODE);
}

static void ignore(txScreen *screen)
{
	(void)screen;
}

static gboolean onIdle(gpointer it)
{
	txScreen *screen = it;

	if (screen->idle)
		screen->idle(screen);
	return TRUE;
}

static void onStart(txScreen *screen, double interval)
{
	g_timeout_add((guint)interval, onIdle, screen);
}

/* XS writes into a mod when it maps it: into a copy, as the simulator does. */
static void *readMod(const char *path)
{
	gchar *bytes = NULL;

	return g_file_get_contents(path, &bytes, NULL, NULL) ? bytes : NULL;
}

int main(int count, char **words)
{
	int isCalledWell = (count == 2) || (count == 3);
	void *library = isCalledWell ? dlopen(words[1], RTLD_NOW) : NULL;
	void *mod = (count == 3) ? readMod(words[2]) : NULL;
	txScreen *screen = calloc(1, sizeof(txScreen) + WIDTH * HEIGHT * screenBytesPerPixel);
	txScreenLaunchProc launch;

	if (!library || !screen || ((count == 3) && !mod)) {
		fprintf(stderr, "usage: headless mc.so [mc.xsa] (%s)\n", library ? "" : dlerror());
		return EXIT_FAILURE;
	}
	/* A socket that the other side has closed tells it by an error, as on a device. */
	signal(SIGPIPE, SIG_IGN);
	screen->archive = mod;
	launch = (txScreenLaunchProc)dlsym(library, "fxScreenLaunch");
	/* Whoever reads it waits for lines. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	screen->width = WIDTH;
	screen->height = HEIGHT;
	screen->abort = onAbort;
	screen->bufferChanged = ignore;
	screen->formatChanged = ignore;
	screen->start = onStart;
	screen->stop = ignore;
	g_mutex_init(&screen->workersMutex);
	launch(screen);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return EXIT_SUCCESS;
}
