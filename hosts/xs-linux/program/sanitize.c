/*
 * What ThreadSanitizer is not to report: JavaScript may read and write shared bytes without
 * Atomics, and what it sees then is for JavaScript to say. And a message that is copied while its
 * client gives up, and writes the next one: whoever copies looks again afterwards. Everything else
 * that two threads share here, XS's shared machine and the arena's words included, is reported.
 */
#include "xs-test.h"

#ifdef __SANITIZE_THREAD__
/* Without its stack the other side of a race cannot be told from what is not to be reported. */
const char* __tsan_default_options(void);
const char* __tsan_default_options(void)
{
	return "history_size=7";
}

const char* __tsan_default_suppressions(void);
const char* __tsan_default_suppressions(void)
{
	return
		"race:fx*Getter\n"
		"race:fx*Setter\n"
		"race:fx_TypedArray_prototype_copyWithin\n"
		"race:fx_TypedArray_prototype_fill\n"
		"race:fx_TypedArray_prototype_set\n"
		"race:xs_native_copy\n"
		"race:copyBytes\n";
}
#endif
