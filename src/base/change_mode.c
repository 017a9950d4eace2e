#include "config.h" /* fts */

#include "base/change_mode.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

dla_status dla_change_modes(const char *folder, unsigned mode, dla_error *err)
{
  char *const paths[] = {(char *)folder, NULL};
  dla_status status = DLA_OK;
  FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
  if (!tree) return dla_fail_errno(err, folder, "read the folder");
  for (FTSENT *entry; !status && (entry = fts_read(tree));) {
    /* A folder comes after its contents: its new mode may forbid to reach them. */
    bool changes = entry->fts_info == FTS_F || entry->fts_info == FTS_DP;
    if (changes && chmod(entry->fts_accpath, (mode_t)mode))
      status = dla_fail_errno(err, entry->fts_path, "change the mode");
  }
  fts_close(tree);
  return status;
}
