#include "data/sources/member_name.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The cost of each difference. A compressed file ranks below a plain one, and a copy below both. */
enum { RANK_COMPRESSED = 1, RANK_SPELLING = 2, RANK_SUFFIX = 4, RANK_COPY = 8 };

static bool drop_suffix(const char *name, size_t *length, const char *suffix)
{
  size_t more = strlen(suffix);
  if (*length <= more || strncasecmp(name + *length - more, suffix, more) != 0) return false;
  *length -= more;
  return true;
}

/* Removes the number of a copy: "(1)". */
static bool drop_number(const char *name, size_t *length)
{
  size_t at = *length;
  if (at < 4 || name[at - 1] != ')') return false;
  at--;
  const size_t digits = at;
  while (at > 1 && isdigit((unsigned char)name[at - 1]))
    at--;
  if (at == digits || name[at - 1] != '(') return false;
  *length = at - 1;
  return true;
}

/* Removes what browsers and file managers add to a copy's name: "name (1)", "name(1)", "name -
 * Copy", "name - Copy (2)", "name copy", "name copy 2". */
static bool drop_copy_mark(const char *name, size_t *length)
{
  const size_t before = *length;
  drop_number(name, length);
  while (*length > 1 && name[*length - 1] == ' ')
    --*length;
  size_t word = *length;
  while (word > 1 && *length == before && isdigit((unsigned char)name[word - 1]))
    word--;
  while (word > 1 && word < *length && name[word - 1] == ' ')
    word--;
  if (drop_suffix(name, &word, " - copy") || drop_suffix(name, &word, "-copy") ||
      drop_suffix(name, &word, " copy") || drop_suffix(name, &word, "_copy"))
    *length = word;
  return *length != before;
}

static bool is_separator(char c)
{
  return c == '-' || c == '_' || c == '.' || c == ' ';
}

static bool is_spelling_of(const char *name, const char *member, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (tolower((unsigned char)name[i]) != tolower((unsigned char)member[i]) &&
        !(is_separator(name[i]) && is_separator(member[i])))
      return false;
  return true;
}

static bool fits(const char *name, size_t length, const char *member, bool prefixed,
                 dla_name_match *match)
{
  size_t wanted = strlen(member);
  if (length < wanted) return false;
  size_t prefix = length - wanted;
  if (prefix && !(prefixed && is_separator(name[prefix - 1]))) return false;
  if (!is_spelling_of(name + prefix, member, wanted)) return false;
  match->prefix = prefix;
  if (strncmp(name + prefix, member, wanted) != 0) match->rank += RANK_SPELLING;
  return true;
}

static const char *const extra_suffixes[] = {".pkl", ".pickle", ".pk", ".p", ".idx", NULL};

static bool drop_any(const char *name, size_t *length, const char *const suffixes[])
{
  for (int i = 0; suffixes[i]; i++)
    if (drop_suffix(name, length, suffixes[i])) return true;
  return false;
}

bool dla_member_match(const char *name, const dla_format *format, int member, dla_name_match *match)
{
  const dla_member *m = &format->members[member];
  size_t length = strlen(name);
  *match = (dla_name_match){0};
  if (fits(name, length, m->name, format->prefixed, match)) return true;
  for (bool more = true; more;) {
    const size_t before = length;
    if (drop_copy_mark(name, &length)) match->rank += RANK_COPY;
    if (drop_suffix(name, &length, ".gz")) match->rank += RANK_COMPRESSED;
    if (drop_any(name, &length, extra_suffixes)) match->rank += RANK_SUFFIX;
    more = length != before;
  }
  return fits(name, length, m->name, format->prefixed, match) ||
         (m->also && fits(name, length, m->also, format->prefixed, match));
}

bool dla_is_member_name(const char *name)
{
  dla_name_match match;
  for (int f = 0; dla_formats[f]; f++)
    for (int m = 0; dla_formats[f]->members[m].name; m++)
      if (dla_member_match(name, dla_formats[f], m, &match)) return true;
  return false;
}

bool dla_name_is_hidden(const char *name, size_t length)
{
  static const char macos[] = "__MACOSX";
  return (length > 0 && name[0] == '.') ||
         (length == sizeof macos - 1 && memcmp(name, macos, length) == 0);
}

/* Endings of unfinished downloads, and of files that accompany an archive. */
static const char *const unfinished[] = {".part",    ".aria2",    ".crdownload",
                                         ".partial", ".download", NULL};
static const char *const beside[] = {".md5",  ".sha1",   ".sha256",     ".sha512", ".asc",
                                     ".sig",  ".txt",    ".html",       ".tmp",    ".torrent",
                                     ".json", ".icloud", ".opdownload", NULL};

static bool has_suffix(const char *name, const char *const suffixes[])
{
  size_t length = strlen(name);
  return drop_any(name, &length, suffixes);
}

bool dla_is_unfinished_name(const char *name)
{
  return has_suffix(name, unfinished);
}

bool dla_is_archive_name(const char *name)
{
  static const char *const ends[] = {".tar", ".tgz", ".zip", ".tbz2", ".txz", ".tzst", ".7z"};
  if (has_suffix(name, unfinished) || has_suffix(name, beside)) return false;
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
    for (const char *p = name; (p = strchr(p, '.')); p++) {
      char after = strncasecmp(p, ends[i], strlen(ends[i])) == 0 ? p[strlen(ends[i])] : 'x';
      if (p > name && (after == '\0' || strchr(".? (", after))) return true;
    }
  return false;
}
