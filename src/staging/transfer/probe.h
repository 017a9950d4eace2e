/* Is a place reachable with these settings? */
#ifndef DLA_STAGING_TRANSFER_PROBE_H
#define DLA_STAGING_TRANSFER_PROBE_H

#include "staging/settings.h"

typedef struct dla_probe {
  char shown[256];    /* the place without its secrets */
  long code;          /* of the answer; 0: there was none */
  double seconds;     /* until it came */
  bool has_date;      /* the server said what time it is */
  double clock_ahead; /* then: seconds that this machine's clock is ahead of the server's */
} dla_probe;

/* Sends one small request that changes nothing: lists one object of an S3 bucket, or asks for a
 * URL's headers. writes: it is a place to upload to, where nothing need be yet. The error is the
 * one that a transfer would have; *probe is what is known in any case. A path is no place. */
dla_status dla_stage_probe(const char *place, bool writes, const dla_stage_settings *settings,
                           dla_probe *probe, dla_error *err);

#endif
