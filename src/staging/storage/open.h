/* Opens the storage of a location. */
#ifndef DLA_STAGING_STORAGE_OPEN_H
#define DLA_STAGING_STORAGE_OPEN_H

#include "staging/storage/storage.h"

/* A source is read from, a destination is written to. Only a source reports what it leaves out. */
typedef enum dla_end { DLA_SOURCE, DLA_DEST } dla_end;

/* settings and meter must outlive the storage. The storage takes the secrets from location. */
dla_status dla_storage_open(dla_location *location, dla_end end, const dla_stage_settings *settings,
                            dla_meter *meter, dla_storage **storage, dla_error *err);

#endif
