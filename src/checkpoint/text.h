/* Texts in a checkpoint's file. */
#ifndef DLA_CHECKPOINT_TEXT_H
#define DLA_CHECKPOINT_TEXT_H

#include "base/strbuf.h"

/* Appends a text from a safetensors file's metadata (dla_checkpoint_text()). Skips large data and
 * does not check the digest. Appends nothing if there is no such text. */
dla_status dla_checkpoint_read_text(const char *path, const char *key, dla_strbuf *text,
                                    dla_error *err);

#endif
