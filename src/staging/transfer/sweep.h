/* Deletes temporary files that a killed download left beside its files. */
#ifndef DLA_STAGING_TRANSFER_SWEEP_H
#define DLA_STAGING_TRANSFER_SWEEP_H

#include "staging/storage/storage.h"

/* Deletes those of the objects' files below the folder, unless a process still writes them. Files
 * with other names belong to others. */
void dla_sweep(const char *folder, const dla_objects *objects);
/* The same for one key. */
void dla_sweep_one(const char *folder, const char *key);

#endif
