#include "checkpoint/find.h"

#include <string.h>
#include <unistd.h>

#include "checkpoint/beside.h"

bool dla_checkpoint_is_of_run(const char *in)
{
  return strcmp(in, "auto") == 0 || strcmp(in, "last") == 0 || strcmp(in, "best") == 0;
}

dla_status dla_checkpoint_find(const char *in, const char *out, bool may_be_missing,
                               dla_checkpoint_skipped *skipped, void *context, dla_strbuf *path,
                               dla_checkpoint **checkpoint, dla_error *err)
{
  *checkpoint = NULL;
  if (strcmp(in, "auto") == 0)
    return dla_checkpoint_newest(out, skipped, context, path, checkpoint, err);
  if (strcmp(in, "best") == 0)
    dla_beside_name(out, in, path);
  else
    dla_strbuf_printf(path, "%s", strcmp(in, "last") == 0 ? out : in);
  if (path->failed) return dla_fail_memory(err, "a file name");
  if (may_be_missing && access(path->text, F_OK) != 0) return DLA_OK;
  return dla_checkpoint_read(path->text, checkpoint, err);
}
