/* What a user says of one end in S3: by the options of `stage`, or by keys of a configuration. */
#ifndef DLA_STAGING_S3_OPTIONS_H
#define DLA_STAGING_S3_OPTIONS_H

#include <stdbool.h>

#include "dla/status.h"

/* Where the bucket stands in a URL; auto: in the host with Amazon, else in the path. */
typedef enum dla_s3_style { DLA_S3_AUTO, DLA_S3_PATH, DLA_S3_VIRTUAL_HOST } dla_s3_style;

/* A text that is NULL or empty says nothing. */
typedef struct dla_s3_options {
  char *profile; /* of the AWS tools, instead of AWS_PROFILE and the keys in AWS_* */
  bool requester_pays;
  dla_s3_style style;
  char *customer_key_file; /* SSE-C: a file of 32 bytes, or of their base64 */
  /* of what is made there */
  char *storage_class;
  char *sse;     /* one of dla_sse_kinds */
  char *kms_key; /* its id */
} dla_s3_options;

/* How the server encrypts: "none" (as the bucket has it), "AES256" ...; ends with NULL. */
extern const char *const dla_sse_kinds[];

/* What errors call the options. */
typedef struct dla_s3_option_names {
  const char *profile, *customer_key_file, *storage_class, *sse, *kms_key;
} dla_s3_option_names;

static inline bool dla_option_given(const char *text)
{
  return text && *text;
}

/* Is it 32 bytes in base64? */
bool dla_is_customer_key(const char *text);
/* Does the text ask for encryption? */
bool dla_sse_is_asked(const char *sse);

/* What can be told without a file or a server: values that there are not, and options that do not
 * go together. The error's `where` is the option's name; it quotes no key. */
dla_status dla_s3_options_check(const dla_s3_options *options, const dla_s3_option_names *names,
                                dla_error *err);

#endif
