/* A temporary folder for tests that need files. */
#ifndef DLA_TESTS_SCRATCH_H
#define DLA_TESTS_SCRATCH_H

#include <stddef.h>

/* Makes the folder and returns its path; scratch_remove deletes it with what is in it. */
char *scratch_new(void);
void scratch_remove(char *folder);

/* "folder/name", which like all paths below lasts until scratch_remove. */
const char *scratch_path(const char *folder, const char *name);

/* Makes folder/name. */
const char *scratch_folder(const char *folder, const char *name);

/* Writes folder/name. */
const char *scratch_write(const char *folder, const char *name, const void *bytes, size_t count);

/* The same, gzip-compressed. */
const char *scratch_write_gzip(const char *folder, const char *name, const void *bytes,
                               size_t count);

#endif
