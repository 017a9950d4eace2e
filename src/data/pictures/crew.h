/* A crew of threads, one per processor, that works through many pictures while the caller reports
 * progress. */
#ifndef DLA_DATA_PICTURES_CREW_H
#define DLA_DATA_PICTURES_CREW_H

#include "dla/dataset.h"

/* The state of one thread. */
typedef struct dla_crew_hand {
  dla_reader *reader;
  dla_room file, pixels;
} dla_crew_hand;

/* Processes item i; many items run at once. A failure ends the work. */
typedef dla_status dla_crew_work(void *context, dla_crew_hand *hand, size_t i, dla_error *err);

/* Processes items 0 to count - 1. what: for options->progress. DLA_E_INTERRUPTED: options->stop
 * asked to. */
dla_status dla_crew_run(size_t count, const char *what, const dla_pictures_options *options,
                        dla_crew_work *work, void *context, dla_error *err);

#endif
