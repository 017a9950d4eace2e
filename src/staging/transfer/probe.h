/* Checks whether a place is reachable with these settings. */
#ifndef DLA_STAGING_TRANSFER_PROBE_H
#define DLA_STAGING_TRANSFER_PROBE_H

#include "staging/settings.h"

typedef struct dla_probe {
  char shown[256];    /* the place without its secrets */
  long code;          /* of the answer; 0: no answer came */
  double seconds;     /* until the answer came */
  bool has_date;      /* the server told its time */
  double clock_ahead; /* then: how many seconds this machine's clock is ahead of the server's */
} dla_probe;

/* Sends one small request that changes nothing: it lists one object of an S3 bucket, or asks for a
 * URL's headers. writes: it is a place to upload to, where nothing need exist yet. The error is the
 * one that a transfer would give. *probe holds what is known, also after an error. A path is
 * refused. */
dla_status dla_stage_probe(const char *place, bool writes, const dla_stage_settings *settings,
                           dla_probe *probe, dla_error *err);

#endif
