/* The temporary files and folders that this process has made and not yet removed. When the program
 * ends at once (cli/signals.c), their makers cannot be asked: they may be in the middle of
 * anything. So each is noted here as soon as it exists. */
#ifndef DLA_BASE_LEFTOVERS_H
#define DLA_BASE_LEFTOVERS_H

#include <stdbool.h>

/* Creates a new file for reading and writing, and notes it. Returns its descriptor, or -1 with
 * errno. */
int dla_leftover_file(const char *path);
/* mkdtemp(), and notes the folder. Returns false with errno. */
bool dla_leftover_folder(char *template);
/* Notes a file that exists. Returns false where there is no memory. */
bool dla_leftover_note(const char *path);

/* FOLDER/part stays when the noted folder is removed: it holds the only copy. */
void dla_leftover_keep(const char *folder, const char *part);
/* Forgets a path: it is gone, has its own name by now, or shall stay. */
void dla_leftover_forget(const char *path);

/* Removes them all. No more can be made: a thread that tries waits for the end of the process.
 * Calls kept() with each path that could not be removed, or had to stay. */
void dla_leftovers_remove(void (*kept)(const char *path));

#endif
