/* Why a call of libarchive failed. */
#ifndef DLA_BASE_ARCHIVE_REASON_H
#define DLA_BASE_ARCHIVE_REASON_H

#include <archive.h>

/* libarchive has no text for some failures: where it took fewer bytes, or has no memory. */
static inline const char *dla_archive_reason(struct archive *a)
{
  const char *reason = archive_error_string(a);
  return reason ? reason : "libarchive does not say why";
}

#endif
