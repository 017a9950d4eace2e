#include "staging/unpack/unpack_name.h"
#include "base/path.h"

#include <string.h>

static bool is_part(const char *text, size_t length, const char *part)
{
  return strlen(part) == length && memcmp(text, part, length) == 0;
}

bool dla_unpack_clean_name(const char *name, char *clean)
{
  char *to = clean;
  if (name[0] == '/') return false;
  while (*name) {
    size_t length = strcspn(name, "/");
    if (is_part(name, length, "..")) return false;
    if (length && !is_part(name, length, ".")) {
      if (to > clean) *to++ = '/';
      memcpy(to, name, length);
      to += length;
    }
    name += length + (name[length] == '/');
  }
  *to = '\0';
  return true;
}

bool dla_unpack_link_stays(const char *name, const char *target)
{
  int above = 0; /* how many folders are above the link */
  bool descended = false;
  for (const char *p = name; *p; p++)
    above += *p == '/';
  if (target[0] == '/' || !target[0]) return false;
  while (*target) {
    size_t length = strcspn(target, "/");
    if (is_part(target, length, "..")) {
      if (descended || --above < 0) return false;
    } else if (length && !is_part(target, length, "."))
      descended = true;
    target += length + (target[length] == '/');
  }
  return true;
}

size_t dla_unpack_suffix(const char *name)
{
  static const char *const suffixes[] = {".gz",   ".bz2", ".xz",  ".zst",
                                         ".lzma", ".lz",  ".lz4", ".Z"};
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
    if (dla_path_ends(name, suffixes[i])) return strlen(suffixes[i]);
  return 0;
}

bool dla_unpack_is_archive_name(const char *name)
{
  static const char *const suffixes[] = {".tar",  ".tgz", ".tbz", ".tbz2", ".txz",
                                         ".tzst", ".taz", ".tlz", ".zip",  ".7z"};
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
    if (dla_path_ends(name, suffixes[i])) return true;
  return dla_unpack_suffix(name) > 0;
}
