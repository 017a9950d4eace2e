/* Limits for the settings of a transfer. Options and keys have the same. */
#ifndef DLA_STAGING_LIMITS_H
#define DLA_STAGING_LIMITS_H

/* seconds */
#define DLA_STAGE_DAY         86400
#define DLA_STAGE_YEAR        (366 * DLA_STAGE_DAY)
#define DLA_STAGE_SECONDS_MIN 0.1 /* to connect, and for a whole transfer */

#define DLA_STAGE_RETRIES_MAX  1000
#define DLA_STAGE_PART_MIB     16
#define DLA_STAGE_PART_MIB_MIN 0.0625
#define DLA_STAGE_PART_MIB_MAX 5120 /* S3's own limit */
#define DLA_STAGE_PARALLEL_MAX 64

#endif
