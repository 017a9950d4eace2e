/* Work on many pictures by threads on all processors, while the caller tells how far it is. */
#ifndef DLA_DATA_PICTURES_CREW_H
#define DLA_DATA_PICTURES_CREW_H

#include "dla/dataset.h"

/* What one thread works with. */
typedef struct dla_crew_hand {
  dla_reader *reader;
  dla_room file, pixels;
} dla_crew_hand;

/* Item i; any number of them at once. A failure ends the work. */
typedef dla_status dla_crew_work(void *context, dla_crew_hand *hand, size_t i, dla_error *err);

/* Items 0 to count - 1. what: for options->progress. DLA_E_INTERRUPTED where options->stop says so.
 */
dla_status dla_crew_run(size_t count, const char *what, const dla_pictures_options *options,
                        dla_crew_work *work, void *context, dla_error *err);

#endif
