/* A job's input. */
#ifndef DLA_JOB_FETCH_H
#define DLA_JOB_FETCH_H

#include "job/place.h"
#include "staging/observer.h"

/* Gets what the place holds into the folder, unless it is local. Then everything in the folder gets
 * the mode; -1: none. */
dla_status dla_job_fetch_input(const dla_place *from, const char *folder, int64_t mode,
                               const dla_stage_observer *observer, dla_stage_outcome *outcome,
                               dla_error *err);

#endif
