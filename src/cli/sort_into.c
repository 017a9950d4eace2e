#include "cli/sort_into.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/make_folder.h"
#include "base/path.h"
#include "base/strbuf.h"

enum { SAME_NAMES_MAX = 100000 };

static void add_folder_name(const char *class, dla_strbuf *out)
{
  if (!class[strspn(class, ".")]) dla_strbuf_append(out, "_", 1);
  for (; *class; class ++)
    dla_strbuf_append(out, *class == '/' ? "_" : class, 1);
}

static bool leads_to(const char *link, const char *target)
{
  char there[PATH_MAX];
  const ssize_t length = readlink(link, there, sizeof there - 1);
  if (length < 0) return false;
  there[length] = '\0';
  return strcmp(there, target) == 0;
}

static dla_status make_link(const char *place, const char *name, const char *target, dla_error *err)
{
  const char *dot = strrchr(name, '.');
  const int stem = dot && dot > name ? (int)(dot - name) : (int)strlen(name);
  for (int k = 1; k < SAME_NAMES_MAX; k++) {
    dla_strbuf link = {0};
    if (k == 1)
      dla_strbuf_printf(&link, "%s/%s", place, name);
    else
      dla_strbuf_printf(&link, "%s/%.*s-%d%s", place, stem, name, k, name + stem);
    bool done = !link.failed && (symlink(target, link.text) == 0 || leads_to(link.text, target));
    dla_status status = link.failed ? dla_fail_memory(err, "a file name")
                        : !done && errno != EEXIST && errno != EINVAL
                            ? dla_fail_errno(err, link.text, "link")
                            : DLA_OK;
    dla_strbuf_free(&link);
    if (done || status) return status;
  }
  return dla_fail(err, DLA_E_IO, place, NULL, "there are too many files called %.100s", name);
}

dla_status dla_cli_sort_into(const char *folder, const char *class, const char *path,
                             dla_error *err)
{
  char *target = realpath(path, NULL);
  dla_strbuf place = {0};
  if (!target && errno != ENOENT && errno != ENOTDIR) return dla_fail_errno(err, path, "find it");
  if (!target)
    return dla_fail(err, DLA_E_INPUT, path,
                    strstr(path, "://") ? "download it first" : "unpack the archive first",
                    "only files can be linked into a folder");
  dla_strbuf_printf(&place, "%s/", folder);
  add_folder_name(class, &place);
  dla_status status =
      place.failed ? dla_fail_memory(err, "a file name") : dla_make_folder(place.text, err);
  if (!status) status = make_link(place.text, dla_path_name(target), target, err);
  dla_strbuf_free(&place);
  free(target);
  return status;
}
