/* What a user sets for one end in S3, by options of `stage` or by keys of a configuration. */
#ifndef DLA_STAGING_S3_OPTIONS_H
#define DLA_STAGING_S3_OPTIONS_H

#include <stdbool.h>

#include "dla/status.h"

/* Where the bucket stands in a URL. auto: in the host name for Amazon, else in the path. */
typedef enum dla_s3_style { DLA_S3_AUTO, DLA_S3_PATH, DLA_S3_VIRTUAL_HOST } dla_s3_style;

/* A text that is NULL or empty is not set. */
typedef struct dla_s3_options {
  char *profile; /* of the AWS tools; replaces AWS_PROFILE and the keys in AWS_* */
  bool requester_pays;
  dla_s3_style style;
  char *customer_key_file; /* SSE-C: a file with 32 bytes, or with their base64 */
  /* for objects that are made there */
  char *storage_class;
  char *sse;     /* one of dla_sse_kinds */
  char *kms_key; /* the key's id */
} dla_s3_options;

/* How the server encrypts: "none" (the bucket's default), "AES256" ...; the list ends with NULL. */
extern const char *const dla_sse_kinds[];

/* The names of the options in errors. */
typedef struct dla_s3_option_names {
  const char *profile, *customer_key_file, *storage_class, *sse, *kms_key;
} dla_s3_option_names;

static inline bool dla_option_given(const char *text)
{
  return text && *text;
}

/* Whether the text is 32 bytes in base64. */
bool dla_is_customer_key(const char *text);
/* Whether the text asks for encryption. */
bool dla_sse_is_asked(const char *sse);

/* Checks what needs no file and no server: unknown values, and options that exclude each other. The
 * error's `where` is the option's name. It quotes no key. */
dla_status dla_s3_options_check(const dla_s3_options *options, const dla_s3_option_names *names,
                                dla_error *err);

#endif
