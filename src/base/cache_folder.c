#include "base/cache_folder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"

static const char *absolute(const char *variable)
{
  const char *path = getenv(variable);
  return path && path[0] == '/' ? path : NULL; /* XDG: ignore a relative path */
}

void dla_cache_folder_name(dla_strbuf *path)
{
  const char *cache = absolute("XDG_CACHE_HOME"), *home = absolute("HOME");
  if (cache)
    dla_strbuf_printf(path, "%s/dla-train", cache);
  else if (home)
    dla_strbuf_printf(path, "%s/.cache/dla-train", home);
}

static bool is_folder(const char *path, size_t length)
{
  dla_strbuf text = {0};
  dla_strbuf_append(&text, path, length);
  bool there = !text.failed && dla_is_folder(text.text);
  dla_strbuf_free(&text);
  return there;
}

/* The length of the path's parent. $XDG_CACHE_HOME may be ~/.cache itself and may not exist yet;
 * then its parent has to. */
static size_t above(const char *path)
{
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/')
    length--;
  while (length > 1 && path[length - 1] != '/')
    length--;
  return length;
}

void dla_cache_folder(dla_strbuf *path)
{
  const char *cache = absolute("XDG_CACHE_HOME"), *home = absolute("HOME");
  bool there = cache ? is_folder(cache, strlen(cache)) || is_folder(cache, above(cache))
                     : home && is_folder(home, strlen(home));
  if (there) dla_cache_folder_name(path);
}
