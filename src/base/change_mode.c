#include "config.h" /* fts */

#include "base/change_mode.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

static dla_status change_one(const FTSENT *entry, mode_t mode, dla_error *err)
{
  /* A folder comes after its contents: its new mode may forbid to reach them. */
  const bool changes = entry->fts_info == FTS_F || entry->fts_info == FTS_DP;
  const bool failed =
      entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS;
  if (failed) errno = entry->fts_errno;
  if (failed) return dla_fail_errno(err, entry->fts_path, "look into it to change the mode");
  if (changes && chmod(entry->fts_accpath, mode))
    return dla_fail_errno(err, entry->fts_path, "change the mode");
  return DLA_OK;
}

dla_status dla_change_modes(const char *folder, unsigned mode, dla_error *err)
{
  char *const paths[] = {(char *)folder, NULL};
  dla_status status = DLA_OK;
  FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
  if (!tree) return dla_fail_errno(err, folder, "read the folder");
  FTSENT *entry = NULL;
  while (!status && (errno = 0, entry = fts_read(tree)))
    status = change_one(entry, (mode_t)mode, err);
  if (!status && errno) status = dla_fail_errno(err, folder, "read the folder");
  fts_close(tree);
  return status;
}
