/* The temporary files and folders that this process has made and not yet removed. Whoever ends the
 * program at once (cli/signals.c) cannot ask those who made them, who may be in the middle of
 * anything; so all of them are noted here, from the moment in which they appear. */
#ifndef DLA_BASE_LEFTOVERS_H
#define DLA_BASE_LEFTOVERS_H

#include <stdbool.h>

/* Creates a file that was not there, for reading and writing, and notes it. Returns its descriptor,
 * or -1 with errno. */
int dla_leftover_file(const char *path);
/* mkdtemp(), noted. False with errno. */
bool dla_leftover_folder(char *template);
/* Notes a file that is there. False: no memory. */
bool dla_leftover_note(const char *path);

/* Of the noted folder, what is in FOLDER/part stays: nobody else has it yet. */
void dla_leftover_keep(const char *folder, const char *part);
/* It is gone, has its own name by now, or is to stay. */
void dla_leftover_forget(const char *path);

/* Removes them all, and lets no more be made: whoever tries waits for the end of the process. Calls
 * kept() with what had to stay. */
void dla_leftovers_remove(void (*kept)(const char *path));

#endif
