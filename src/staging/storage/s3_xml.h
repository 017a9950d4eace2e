/* What S3 servers answer. The parsers take any bytes. */
#ifndef DLA_STAGING_STORAGE_S3_XML_H
#define DLA_STAGING_STORAGE_S3_XML_H

#include "staging/storage/storage.h"

typedef struct dla_s3_error {
  char code[64], message[512], region[64];
  char endpoint[256];   /* where to go instead */
  char server_time[64]; /* of a clock that is wrong */
} dla_s3_error;

/* Is it XML with that root? */
bool dla_s3_has_root(const char *xml, size_t size, const char *root);

/* Is it an <Error>? Fills what is there. */
bool dla_s3_read_error(const char *xml, size_t size, dla_s3_error *error);

/* One page of ListObjectsV2: adds its objects, with their whole keys. *next is the token of the
 * page that follows, which the caller frees, or NULL. */
dla_status dla_s3_read_list(const char *xml, size_t size, dla_objects *objects, char **next,
                            dla_error *err);

/* The upload's id, which the caller frees, of InitiateMultipartUploadResult. */
dla_status dla_s3_read_upload_id(const char *xml, size_t size, char **id, dla_error *err);

/* ListMultipartUploads: calls back for each. */
typedef void dla_s3_upload_found(void *context, const char *key, const char *id,
                                 const char *initiated);
dla_status dla_s3_read_uploads(const char *xml, size_t size, dla_s3_upload_found *found,
                               void *context, dla_error *err);

#endif
