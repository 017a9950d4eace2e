/* A process that competes for processors during a measurement, as on a shared machine. */
#ifndef DLA_TRAIN_COMPETITOR_H
#define DLA_TRAIN_COMPETITOR_H

#include <sys/types.h>

#include "dla/status.h"

/* Starts one. It keeps a processor busy until it is ended, or this process ends. */
dla_status dla_competitor_begin(pid_t *competitor, dla_error *err);
void dla_competitor_end(pid_t competitor);

#endif
