/* What a checkpoint's file says in words. */
#ifndef DLA_CHECKPOINT_TEXT_H
#define DLA_CHECKPOINT_TEXT_H

#include "base/strbuf.h"

/* Appends one text of a safetensors file's metadata (dla_checkpoint_text()), without reading what
 * is large and without its digest; nothing where it has none. */
dla_status dla_checkpoint_read_text(const char *path, const char *key, dla_strbuf *text,
                                    dla_error *err);

#endif
