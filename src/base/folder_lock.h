/* A folder that one process at a time writes into.
 *
 * The lock is flock()'s, on the file FOLDER/.dla-locked. The system releases it when the process
 * ends, however it ends, and NFS passes it on to the server. The file says host, process and when
 * both began: for the message to a process that is refused. Where a file system has no locks, the
 * file's content decides. A living process of this host keeps the folder. One of another host does
 * not, because a run that was killed there must be able to go on here.
 *
 * The file's name is one that the staging does not push (base/temporary_folder.h). */
#ifndef DLA_BASE_FOLDER_LOCK_H
#define DLA_BASE_FOLDER_LOCK_H

#include "dla/status.h"

typedef struct dla_folder_lock dla_folder_lock;

/* The folder must exist. DLA_E_INPUT: another process has it; the error names that process. */
dla_status dla_folder_lock_take(const char *folder, dla_folder_lock **lock, dla_error *err);
/* NULL is allowed. */
void dla_folder_lock_release(dla_folder_lock *lock);

#endif
