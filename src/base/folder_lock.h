/* A folder that one process at a time writes into.
 *
 * The lock is flock()'s, on the file FOLDER/.dla-locked: the system gives it back when the process
 * ends, however it ends, and NFS passes it on to the server. What the file says, host, process and
 * when both began, is for the message of whoever is refused. Where a file system has no locks, it
 * decides: a process of this host that is still there is believed, and one of another host is not,
 * because a run that was killed there must be able to go on here.
 *
 * By its name the file is one that the staging does not push (base/temporary_folder.h). */
#ifndef DLA_BASE_FOLDER_LOCK_H
#define DLA_BASE_FOLDER_LOCK_H

#include "dla/status.h"

typedef struct dla_folder_lock dla_folder_lock;

/* The folder exists. DLA_E_INPUT: another process has it; the error names it. */
dla_status dla_folder_lock_take(const char *folder, dla_folder_lock **lock, dla_error *err);
/* NULL: nothing. */
void dla_folder_lock_release(dla_folder_lock *lock);

#endif
