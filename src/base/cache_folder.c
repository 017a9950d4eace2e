#include "base/cache_folder.h"

#include <stdlib.h>

void dla_cache_folder(dla_strbuf *path)
{
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  if (cache && cache[0] == '/') /* a relative one is to be ignored (XDG Base Directory) */
    dla_strbuf_printf(path, "%s/dla-train", cache);
  else if (home && home[0] == '/')
    dla_strbuf_printf(path, "%s/.cache/dla-train", home);
}
