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
  double stall_timeout; /* without any byte moving */
  double total_timeout; /* for one request (a download, a part), retries included */
  /* Failures that may pass are tried again: at most `retries` times in a row without progress. */
  int retries;
  double retry_base, retry_cap; /* a wait is random in 0..min(cap, base * 2^n) */
  /* S3 */
  char region[64], endpoint[512]; /* endpoint empty: Amazon's */
  dla_s3_style style;
  dla_secret *access_key, *secret_key, *session_token; /* owned */
  uint64_t part_size;     /* of a multipart upload and of a download in parts */
  uint64_t get_in_parts;  /* from this size on, an object is downloaded in parts where one
                           * connection is too slow */
  uint64_t put_in_parts;  /* from this size on, a file is uploaded in parts */
  int parallel;           /* parts of a file at once */
  int parallel_files;     /* files at once that go in one piece */
  double abandoned_after; /* an upload of the same key that began that long ago and never ended is
                           * aborted */
  double send_limit;      /* bytes a second for a transfer; 0: no limit */
  bool requester_pays;
  char storage_class[64];     /* of new objects; empty: the bucket's default */
  char sse[32], kms_key[512]; /* AES256 or aws:kms; for the latter, a key's id is optional */
  dla_secret *customer_key;   /* 32 bytes in base64; the server encrypts with them (SSE-C); owned */
  /* downloads over HTTP */
  char sha256[65]; /* the SHA-256 that a single download must have; empty: any */
  bool use_cache, unpack;
  char missing_profile[128]; /* AWS_PROFILE names it, but no file has it */
  char note[256];            /* which settings were trimmed; empty: none */
  /* limits of unpacking */
  uint64_t unpack_entries, unpack_bytes, unpack_ratio;
} dla_stage_settings;

/* Sets the defaults, then what the AWS_* variables and the profile's files say. profile NULL: the
 * one of AWS_PROFILE, or "default". Free with dla_stage_settings_free(). */
dla_status dla_stage_settings_init(dla_stage_settings *settings, dla_error *err);
dla_status dla_stage_settings_init_profile(dla_stage_settings *settings, const char *profile,
                                           dla_error *err);

/* Takes the text of a setting, from a variable or a config. Blanks and line ends around it are left
 * out, and noted: files of secrets end with them. A control character inside is an error. `what`
 * names the setting. An empty text, or NULL, leaves the setting as it is. */
dla_status dla_stage_take_text(dla_stage_settings *settings, const char *what, const char *text,
                               char *to, size_t size, dla_error *err);
dla_status dla_stage_take_secret(dla_stage_settings *settings, const char *what, const char *text,
                                 dla_secret **to, dla_error *err);
void dla_stage_settings_free(dla_stage_settings *settings);

#endif
