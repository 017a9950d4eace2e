/* The settings of a transfer. */
#ifndef DLA_STAGING_SETTINGS_H
#define DLA_STAGING_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "staging/s3_options.h"
#include "staging/secret.h"

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
  bool requester_pays;
  char storage_class[64];     /* of what is made; empty: the bucket's */
  char sse[32], kms_key[512]; /* AES256 or aws:kms, and then perhaps a key's id */
  dla_secret *customer_key;   /* 32 bytes in base64 that encrypt there (SSE-C); owned */
  /* HTTP in */
  char sha256[65]; /* what a single download must have; empty: anything */
  bool use_cache, unpack;
  char missing_profile[128]; /* that AWS_PROFILE names, and no file has */
  char note[256];            /* which settings were trimmed; empty: none */
  /* limits of unpacking */
  uint64_t unpack_entries, unpack_bytes, unpack_ratio;
} dla_stage_settings;

/* The defaults, and what the AWS_* variables and the profile's files say; profile is NULL:
 * AWS_PROFILE's, or "default". Free with dla_stage_settings_free(). */
dla_status dla_stage_settings_init(dla_stage_settings *settings, dla_error *err);
dla_status dla_stage_settings_init_profile(dla_stage_settings *settings, const char *profile,
                                           dla_error *err);

/* A setting's text, from a variable or a config. Blanks and line ends around it, in which files of
 * secrets end, are left out, and noted; a control character inside is an error. `what` is what the
 * setting is called. An empty text, or NULL, leaves the setting as it is. */
dla_status dla_stage_take_text(dla_stage_settings *settings, const char *what, const char *text,
                               char *to, size_t size, dla_error *err);
dla_status dla_stage_take_secret(dla_stage_settings *settings, const char *what, const char *text,
                                 dla_secret **to, dla_error *err);
void dla_stage_settings_free(dla_stage_settings *settings);

#endif
