#ifndef DLA_BASE_FAIL_AT_H
#define DLA_BASE_FAIL_AT_H

#include <stddef.h>

#include "dla/status.h"

/* DLA_E_INPUT at a byte of a file: "data_batch_1, byte 34: what (hint)". */
dla_status dla_fail_at(dla_error *err, const char *name, size_t offset, const char *hint,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
