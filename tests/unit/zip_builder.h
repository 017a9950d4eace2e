/* Builds zip archives in memory, honest ones and others. */
#ifndef DLA_TESTS_ZIP_BUILDER_H
#define DLA_TESTS_ZIP_BUILDER_H

#include <stdint.h>

#include "base/strbuf.h"

typedef struct zip_builder {
  dla_strbuf bytes, directory;
  unsigned count;
} zip_builder;

void zip_add(zip_builder *zip, const char *name, const void *bytes, size_t size);
/* The same with a method other than 0 (stored), and a size of the extracted file that may be
 * anything. */
void zip_add_as(zip_builder *zip, const char *name, const void *bytes, size_t size, unsigned method,
                uint32_t stated);
/* Lists the bytes at an offset once more, under another name. */
void zip_list_again(zip_builder *zip, const char *name, uint32_t offset, const void *bytes,
                    size_t size);
void zip_end(zip_builder *zip);
void zip_free(zip_builder *zip);

#endif
