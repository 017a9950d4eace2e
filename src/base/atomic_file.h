/* A file that is replaced as a whole: it is written under a temporary name beside its own, flushed
 * to the disk, then renamed. Whatever happens, a reader finds the old file or the new one. */
#ifndef DLA_BASE_ATOMIC_FILE_H
#define DLA_BASE_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dla/status.h"

typedef struct dla_atomic_file dla_atomic_file;

/* The end of the temporary names: FILE.<8 hexadecimal digits>.tmp. FILE is cut where the name would
 * be too long. A killed process leaves such a file behind; a living one holds its lock (flock). */
#define DLA_ATOMIC_SUFFIX ".tmp"

/* The length of FILE in such a name; 0 if it is no such name. */
size_t dla_atomic_stem(const char *name);
/* Whether FILE may have been cut in such a name. */
bool dla_atomic_is_cut(const char *name);
/* Deletes the temporary file of a process that has ended. */
void dla_atomic_sweep(const char *path);
/* Deletes those of the files of these names in the folder; and of one file, by its path. */
void dla_atomic_sweep_folder(const char *folder, const char *const *names, size_t count);
void dla_atomic_sweep_of(const char *path);

dla_status dla_atomic_open(const char *path, dla_atomic_file **file, dla_error *err);
dla_status dla_atomic_write(dla_atomic_file *file, const void *bytes, size_t count, dla_error *err);
/* For writing at an offset, or reading back what was written. The file keeps it: do not close
 * it. */
int dla_atomic_descriptor(const dla_atomic_file *file);
/* Frees the file: where status is DLA_OK it replaces the old one, else it is discarded. Returns
 * status, or why the file could not be replaced. NULL: only status. */
dla_status dla_atomic_end(dla_atomic_file *file, dla_status status, dla_error *err);

/* Does all of it in one call, for bytes that are in memory. */
dla_status dla_atomic_replace(const char *path, const void *bytes, size_t count, dla_error *err);

#endif
