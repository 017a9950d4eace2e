/* A file that is replaced as a whole: written under a temporary name beside its own, flushed to the
 * disk, then renamed. Whatever happens, a reader finds the old file or the new one. */
#ifndef DLA_BASE_ATOMIC_FILE_H
#define DLA_BASE_ATOMIC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dla/status.h"

typedef struct dla_atomic_file dla_atomic_file;

/* What the temporary names end in: FILE.<8 hexadecimal digits>.tmp, where a FILE is cut that would
 * be too long so. A killed process leaves one; a living one holds its lock (flock). */
#define DLA_ATOMIC_SUFFIX ".tmp"

/* How much of such a name is FILE; 0: it is none. */
size_t dla_atomic_stem(const char *name);
/* May its FILE be cut? */
bool dla_atomic_is_cut(const char *name);
/* Deletes the temporary file of a process that is no more. */
void dla_atomic_sweep(const char *path);
/* Deletes those of FILE whose processes are no more. */
void dla_atomic_sweep_of(const char *path);

dla_status dla_atomic_open(const char *path, dla_atomic_file **file, dla_error *err);
dla_status dla_atomic_write(dla_atomic_file *file, const void *bytes, size_t count, dla_error *err);
/* For those who write at an offset, or read back what they wrote. Stays the file's. */
int dla_atomic_descriptor(const dla_atomic_file *file);
/* Either ends the file's life. commit() that fails has discarded it. */
dla_status dla_atomic_commit(dla_atomic_file *file, dla_error *err);
void dla_atomic_discard(dla_atomic_file *file);

/* All of it in one call, for what is in memory. */
dla_status dla_atomic_replace(const char *path, const void *bytes, size_t count, dla_error *err);

#endif
