/* Reads the answers of S3 servers. The parsers take any bytes. */
#ifndef DLA_STAGING_STORAGE_S3_XML_H
#define DLA_STAGING_STORAGE_S3_XML_H

#include "staging/storage/storage.h"

typedef struct dla_s3_error {
  char code[64], message[512], region[64];
  char endpoint[256];   /* where to go instead, in a redirect */
  char server_time[64]; /* where the local clock is wrong */
} dla_s3_error;

/* Whether it is XML with that root. */
bool dla_s3_has_root(const char *xml, size_t size, const char *root);

/* Whether it is an <Error>. Fills the fields that it has. */
bool dla_s3_read_error(const char *xml, size_t size, dla_s3_error *error);

/* Reads a page of ListObjectsV2 and adds its objects, with whole keys. *next is the token of the
 * next page, which the caller frees, or NULL. */
dla_status dla_s3_read_list(const char *xml, size_t size, dla_objects *objects, char **next,
                            dla_error *err);

/* Reads the upload's id from InitiateMultipartUploadResult; the caller frees it. */
dla_status dla_s3_read_upload_id(const char *xml, size_t size, char **id, dla_error *err);

/* Reads ListMultipartUploads; calls found() for each upload. */
typedef void dla_s3_upload_found(void *context, const char *key, const char *id,
                                 const char *initiated);
dla_status dla_s3_read_uploads(const char *xml, size_t size, dla_s3_upload_found *found,
                               void *context, dla_error *err);

#endif
