/* The settings of a transfer. */
#ifndef DLA_STAGING_SETTINGS_H
#define DLA_STAGING_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "staging/secret.h"

typedef enum dla_s3_style { DLA_S3_AUTO, DLA_S3_PATH, DLA_S3_VIRTUAL_HOST } dla_s3_style;

typedef struct dla_stage_settings {
  /* seconds */
  double connect_timeout;
  double stall_timeout; /* without a byte moving */
  double total_timeout; /* for one request (a download, a part), with its retries */
  /* retries of what may pass: at most `retries` in a row without progress */
  int retries;
  double retry_base, retry_cap; /* the waits are random in 0..min(cap, base * 2^n) */
  /* S3 */
  char region[64], endpoint[512]; /* endpoint empty: Amazon's */
  dla_s3_style style;
  dla_secret *access_key, *secret_key, *session_token; /* owned */
  uint64_t part_size;     /* of a multipart upload and of a download in parts */
  uint64_t get_in_parts;  /* objects from this size on, where one connection is too slow */
  uint64_t put_in_parts;  /* files from this size on */
  int parallel;           /* how many parts of a file at once */
  int parallel_files;     /* how many files that go in one */
  double abandoned_after; /* uploads of a key begun that long ago and never ended are aborted */
  double send_limit;      /* bytes a second of a transfer; 0: none */
  /* HTTP in */
  char sha256[65]; /* what a single download must have; empty: anything */
  bool use_cache, unpack;
  /* limits of unpacking */
  uint64_t unpack_entries, unpack_bytes, unpack_ratio;
} dla_stage_settings;

/* The defaults, and what the AWS_* variables say. Free with dla_stage_settings_free(). */
dla_status dla_stage_settings_init(dla_stage_settings *settings, dla_error *err);
void dla_stage_settings_free(dla_stage_settings *settings);

#endif
