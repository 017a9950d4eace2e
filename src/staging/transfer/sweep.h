/* The temporary files that a killed download left beside what it fetched. */
#ifndef DLA_STAGING_TRANSFER_SWEEP_H
#define DLA_STAGING_TRANSFER_SWEEP_H

#include "staging/storage/storage.h"

/* Removes those of the objects' files below the folder, unless a process still writes them. What
 * has another name is somebody else's. */
void dla_sweep(const char *folder, const dla_objects *objects);
/* The same for one key. */
void dla_sweep_one(const char *folder, const char *key);

#endif
